#pragma once

// Which handler answers which path and method.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "channels/http/http_types.h"

namespace jaring {

/// Where a handler runs. kInline: on the connection's own thread, for work of microseconds.
/// kWorker: on a thread of its own, so that it may read a lot without holding other connections up.
enum class RunOn : std::uint8_t { kInline, kWorker };

struct Route {
  HttpMethod method = HttpMethod::kGet;
  std::string path;
  HttpHandler handler;
  RunOn run_on = RunOn::kInline;
  std::size_t index = 0;  // Its place among all routes, for the metrics.
};

/// Exact paths. Filled before the server starts and then only read.
///
/// Thread: any number of readers.
class Router {
 public:
  /// A path and method given twice is a bug. HEAD comes with GET.
  void Add(HttpMethod method, std::string path, HttpHandler handler, RunOn run_on = RunOn::kInline);

  struct Match {
    const Route* route = nullptr;  // nullptr: nothing there, or not by this method.
    std::string allow;             // When there are other methods: the value of Allow.
  };
  Match Find(HttpMethod method, std::string_view path) const;

  /// "GET /v1/coverage" for each route, in the order of Route::index.
  std::vector<std::string> Names() const;
  std::size_t size() const { return size_; }

 private:
  std::map<std::string, std::vector<Route>, std::less<>> routes_;
  std::size_t size_ = 0;
};

}  // namespace jaring
