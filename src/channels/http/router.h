#pragma once

// Which handler answers which path and method, and for whom.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/permissions.h"
#include "channels/http/http_types.h"

namespace jaring {

/// Where a handler runs. kInline: on the connection's own thread, for work of microseconds.
/// kWorker: on a thread of its own, so that it may read a lot without holding other connections up.
enum class RunOn : std::uint8_t { kInline, kWorker };

/// A handler together with its lock: nobody can add one without saying for whom it is. Made by
/// Open and by Gate.
struct Guarded {
  std::optional<Action> action;  // Absent: for everyone.
  HttpHandler handler;
};

/// For everyone, without login.
inline Guarded Open(HttpHandler handler) {
  return {std::nullopt, std::move(handler)};
}

struct RouteOptions {
  RunOn run_on = RunOn::kInline;
  std::uint64_t body_limit = 0;  // Bytes; 0: the server's own.
  bool spool_body = false;       // The body goes to a file instead of memory.
};

struct Route {
  HttpMethod method = HttpMethod::kGet;
  std::string path;  // "/v1/people/{person_id}"
  std::optional<Action> action;
  HttpHandler handler;
  RouteOptions options;
  std::size_t index = 0;  // Its place among all routes, for the metrics.
};

/// Paths whose segments are words or {parameters}; a word goes before a parameter. Filled before
/// the server starts and then only read.
///
/// Thread: any number of readers.
class Router {
 public:
  /// A path and method given twice is a bug. HEAD comes with GET.
  void Add(HttpMethod method, std::string path, Guarded guarded, RouteOptions options = {});

  struct Match {
    const Route* route = nullptr;  // nullptr: nothing there, or not by this method.
    std::vector<PathParameter> parameters;
    std::string allow;  // When there are other methods: the value of Allow.
  };
  Match Find(HttpMethod method, std::string_view path) const;

  /// "GET /v1/coverage" for each route, in the order of Route::index.
  std::vector<std::string> Names() const;
  /// Every route, in the order of Route::index.
  std::vector<const Route*> routes() const;
  std::size_t size() const { return size_; }

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> words;
    std::unique_ptr<Node> parameter;
    std::vector<Route> routes;
  };

  static void Collect(const Node& node, std::vector<const Route*>& routes);

  Node root_;
  std::map<std::string, const Node*, std::less<>> plain_;  // Paths without parameters, whole.
  std::size_t size_ = 0;
};

}  // namespace jaring
