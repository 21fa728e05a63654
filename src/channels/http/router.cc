#include "channels/http/router.h"

#include "base/check.h"

namespace jaring {

void Router::Add(HttpMethod method, std::string path, HttpHandler handler, RunOn run_on) {
  std::vector<Route>& routes = routes_[path];
  for (const Route& route : routes) {
    JARING_CHECK(route.method != method);
  }
  routes.push_back({method, std::move(path), std::move(handler), run_on, size_++});
}

Router::Match Router::Find(HttpMethod method, std::string_view path) const {
  const auto found = routes_.find(path);
  if (found == routes_.end()) {
    return {};
  }
  const HttpMethod wanted = method == HttpMethod::kHead ? HttpMethod::kGet : method;
  Match match;
  for (const Route& route : found->second) {
    if (route.method == wanted) {
      return {&route, {}};
    }
    match.allow.append(match.allow.empty() ? "" : ", ").append(HttpMethodName(route.method));
    if (route.method == HttpMethod::kGet) {
      match.allow.append(", HEAD");
    }
  }
  return match;
}

std::vector<std::string> Router::Names() const {
  std::vector<std::string> names(size_);
  for (const auto& [path, routes] : routes_) {
    for (const Route& route : routes) {
      names[route.index] = std::string(HttpMethodName(route.method)) + " " + path;
    }
  }
  return names;
}

}  // namespace jaring
