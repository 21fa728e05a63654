#include "channels/http/http_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace jaring {

const std::array<std::int64_t, HttpMetrics::kBuckets> HttpMetrics::kBucketMicros = {
    100,    250,    500,     1'000,   2'500,     5'000,     10'000,
    25'000, 50'000, 100'000, 250'000, 1'000'000, 2'500'000, 10'000'000};

HttpMetrics::HttpMetrics(std::vector<std::string> routes)
    : names_(std::move(routes)), counts_(names_.size() + 1) {
  names_.emplace_back("none");
}

void HttpMetrics::AddGauge(std::string name, std::string help,
                           std::function<std::int64_t()> value) {
  gauges_.push_back({std::move(name), std::move(help), std::move(value)});
}

void HttpMetrics::CountRequest(std::size_t route, int status, std::int64_t micros) {
  RouteCounts& counts = counts_[std::min(route, counts_.size() - 1)];
  const auto place = static_cast<std::size_t>(std::clamp(status, 100, 599) - 100);
  counts.by_status[place].fetch_add(1, std::memory_order_relaxed);
  const auto bucket = std::lower_bound(kBucketMicros.begin(), kBucketMicros.end(), micros);
  counts.by_time[static_cast<std::size_t>(bucket - kBucketMicros.begin())].fetch_add(
      1, std::memory_order_relaxed);
  counts.micros.fetch_add(micros, std::memory_order_relaxed);
}

std::string HttpMetrics::Text() const {
  std::string text;
  AppendRequests(text);
  AppendTimes(text);
  const auto gauge = [&](std::string_view name, std::string_view help, std::int64_t value) {
    fmt::format_to(std::back_inserter(text),
                   "# HELP jaring_{0} {1}\n# TYPE jaring_{0} gauge\n"
                   "jaring_{0} {2}\n",
                   name, help, value);
  };
  gauge("http_requests_in_flight", "Requests being answered now.", in_flight());
  gauge("http_connections", "Connections open now.", connections());
  if (const auto end = certificate_end_.load(std::memory_order_relaxed); end > 0) {
    gauge("tls_certificate_end_seconds", "When the TLS certificate ends, since 1970.", end);
  }
  fmt::format_to(std::back_inserter(text),
                 "# HELP jaring_tls_handshake_failures_total TLS handshakes that failed.\n"
                 "# TYPE jaring_tls_handshake_failures_total counter\n"
                 "jaring_tls_handshake_failures_total {}\n",
                 handshake_failures_.load(std::memory_order_relaxed));
  for (const Gauge& one : gauges_) {
    gauge(one.name, one.help, one.value());
  }
  return text;
}

void HttpMetrics::AppendRequests(std::string& text) const {
  text +=
      "# HELP jaring_http_requests_total Requests answered, by route and status.\n"
      "# TYPE jaring_http_requests_total counter\n";
  for (std::size_t route = 0; route < counts_.size(); ++route) {
    for (std::size_t i = 0; i < counts_[route].by_status.size(); ++i) {
      const std::int64_t count = counts_[route].by_status[i].load(std::memory_order_relaxed);
      if (count > 0) {
        fmt::format_to(std::back_inserter(text),
                       "jaring_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                       names_[route], i + 100, count);
      }
    }
  }
}

void HttpMetrics::AppendTimes(std::string& text) const {
  text +=
      "# HELP jaring_http_request_seconds From the whole request read to the answer ready.\n"
      "# TYPE jaring_http_request_seconds histogram\n";
  for (std::size_t route = 0; route < counts_.size(); ++route) {
    const RouteCounts& counts = counts_[route];
    std::int64_t sum = 0;
    for (std::size_t i = 0; i <= kBuckets; ++i) {
      sum += counts.by_time[i].load(std::memory_order_relaxed);
      const std::string limit =
          i < kBuckets ? fmt::format("{}", static_cast<double>(kBucketMicros[i]) / 1e6) : "+Inf";
      fmt::format_to(std::back_inserter(text),
                     "jaring_http_request_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n",
                     names_[route], limit, sum);
    }
    const auto seconds = static_cast<double>(counts.micros.load(std::memory_order_relaxed)) / 1e6;
    fmt::format_to(std::back_inserter(text),
                   "jaring_http_request_seconds_sum{{route=\"{0}\"}} {1:.6f}\n"
                   "jaring_http_request_seconds_count{{route=\"{0}\"}} {2}\n",
                   names_[route], seconds, sum);
  }
}

}  // namespace jaring
