#include "channels/http/router.h"

#include "base/check.h"
#include "base/text.h"
#include "channels/http/form.h"

namespace jaring {
namespace {

bool IsParameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// The names of a template's parameters, in order.
std::vector<std::string_view> ParameterNames(std::string_view path) {
  std::vector<std::string_view> names;
  for (const std::string_view segment : Split(path, '/')) {
    if (IsParameter(segment)) {
      names.push_back(segment.substr(1, segment.size() - 2));
    }
  }
  return names;
}

}  // namespace

void Router::Add(HttpMethod method, std::string path, Guarded guarded, RouteOptions options) {
  JARING_CHECK(path.starts_with('/'));
  Node* node = &root_;
  for (const std::string_view segment : Split(std::string_view(path).substr(1), '/')) {
    std::unique_ptr<Node>& next =
        IsParameter(segment) ? node->parameter : node->words[std::string(segment)];
    if (next == nullptr) {
      next = std::make_unique<Node>();
    }
    node = next.get();
  }
  for (const Route& route : node->routes) {
    JARING_CHECK(route.method != method);
  }
  if (path.find('{') == std::string::npos) {
    plain_[path] = node;
  }
  node->routes.push_back(
      {method, std::move(path), guarded.action, std::move(guarded.handler), options, size_++});
}

Router::Match Router::Find(HttpMethod method, std::string_view path) const {
  Match match;
  const Node* node = &root_;
  std::vector<std::string> values;
  if (const auto plain = plain_.find(path); plain != plain_.end()) {
    node = plain->second;
  } else {
    if (!path.starts_with('/')) {
      return match;
    }
    for (const std::string_view segment : Split(path.substr(1), '/')) {
      if (const auto word = node->words.find(segment); word != node->words.end()) {
        node = word->second.get();
      } else if (auto value = DecodePathSegment(segment); node->parameter != nullptr && value) {
        node = node->parameter.get();
        values.push_back(*std::move(value));
      } else {
        return match;
      }
    }
  }
  const HttpMethod wanted = method == HttpMethod::kHead ? HttpMethod::kGet : method;
  for (const Route& route : node->routes) {
    if (route.method == wanted) {
      match.route = &route;
      match.allow.clear();
      const std::vector<std::string_view> names =
          ParameterNames(values.empty() ? std::string_view() : std::string_view(route.path));
      for (std::size_t i = 0; i < names.size(); ++i) {
        match.parameters.push_back({names[i], std::move(values[i])});
      }
      return match;
    }
    match.allow.append(match.allow.empty() ? "" : ", ").append(HttpMethodName(route.method));
    if (route.method == HttpMethod::kGet) {
      match.allow.append(", HEAD");
    }
  }
  return match;
}

void Router::Collect(const Node& node, std::vector<const Route*>& routes) {
  for (const Route& route : node.routes) {
    routes[route.index] = &route;
  }
  for (const auto& [word, next] : node.words) {
    Collect(*next, routes);
  }
  if (node.parameter != nullptr) {
    Collect(*node.parameter, routes);
  }
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> routes(size_);
  Collect(root_, routes);
  return routes;
}

std::vector<std::string> Router::Names() const {
  std::vector<std::string> names;
  for (const Route* route : routes()) {
    names.push_back(std::string(HttpMethodName(route->method)) + " " + route->path);
  }
  return names;
}

}  // namespace jaring
