#pragma once

// What the server counts about itself, as Prometheus reads it (text format 0.0.4).

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace jaring {

/// Counters without locks. Nothing here can hold personal data: routes are names, not paths sent.
///
/// Thread: any, once the gauges are added.
class HttpMetrics {
 public:
  /// The route of a request that matched none, or was no request at all.
  static constexpr std::size_t kNoRoute = ~std::size_t{0};

  /// `routes`: names in the order of Route::index.
  explicit HttpMetrics(std::vector<std::string> routes);

  /// A further figure, asked for whenever somebody reads the metrics. `name` without prefix:
  /// "payments_waiting" becomes jaring_payments_waiting.
  void AddGauge(std::string name, std::string help, std::function<std::int64_t()> value);

  void CountRequest(std::size_t route, int status, std::int64_t micros);
  void AddInFlight(int change) { in_flight_.fetch_add(change, std::memory_order_relaxed); }
  void AddConnections(int change) { connections_.fetch_add(change, std::memory_order_relaxed); }
  void CountHandshakeFailure() { handshake_failures_.fetch_add(1, std::memory_order_relaxed); }
  /// When the TLS certificate ends, seconds since 1970.
  void SetCertificateEnd(std::int64_t seconds) {
    certificate_end_.store(seconds, std::memory_order_relaxed);
  }
  std::int64_t connections() const { return connections_.load(std::memory_order_relaxed); }
  std::int64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

  std::string Text() const;

 private:
  static constexpr std::size_t kBuckets = 14;
  static const std::array<std::int64_t, kBuckets> kBucketMicros;

  struct RouteCounts {
    std::array<std::atomic<std::int64_t>, 500> by_status = {};  // 100 to 599.
    std::array<std::atomic<std::int64_t>, kBuckets + 1> by_time = {};
    std::atomic<std::int64_t> micros = 0;
  };

  struct Gauge {
    std::string name;
    std::string help;
    std::function<std::int64_t()> value;
  };

  void AppendRequests(std::string& text) const;
  void AppendTimes(std::string& text) const;

  std::vector<std::string> names_;   // One more than the routes: the last is kNoRoute's.
  std::vector<RouteCounts> counts_;  // Likewise.
  std::vector<Gauge> gauges_;
  std::atomic<std::int64_t> in_flight_ = 0;
  std::atomic<std::int64_t> connections_ = 0;
  std::atomic<std::int64_t> handshake_failures_ = 0;
  std::atomic<std::int64_t> certificate_end_ = 0;
};

}  // namespace jaring
