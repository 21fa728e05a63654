#pragma once

// The server's side of TLS: certificate and key from files, read again when they change. Inside
// channels/http only: OpenSSL shows.

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace jaring::internal {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPointer = std::unique_ptr<SSL, SslFree>;
using SslContextPointer = std::unique_ptr<SSL_CTX, SslFree>;

/// TLS 1.2 and 1.3, forward secrecy only, no renegotiation, no compression, ALPN http/1.1.
///
/// Thread: one caller; the sessions it makes may live on others.
class TlsCertificates {
 public:
  /// `certificate`: PEM file with ours first, then the chain. `key`: PEM file, without passphrase.
  ///
  /// Errors: tls.key_exposed, tls.certificate_unreadable, tls.key_unreadable, tls.key_mismatch.
  static Result<std::unique_ptr<TlsCertificates>> Load(std::string certificate, std::string key);

  /// One connection to come, on a socket that must outlive it.
  SslPointer NewSession(int socket) const;

  enum class Reload : std::uint8_t { kIfChanged, kAlways };
  /// Reads the files again; true when they are now in use. With an error the old ones stay, and a
  /// broken file is not tried again before it changes. Also renews the keys of session tickets.
  ///
  /// Errors: those of Load.
  Result<bool> Refresh(Reload reload);

  /// Units: seconds since 1970, UTC.
  std::int64_t not_after() const { return not_after_; }

 private:
  /// What tells a changed file from an unchanged one.
  struct Stamp {
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0;
    bool operator==(const Stamp&) const = default;
  };

  TlsCertificates(std::string certificate, std::string key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}
  Result<Done> Read();
  static Stamp StampOf(const std::string& file);

  std::string certificate_;
  std::string key_;
  Stamp certificate_stamp_;
  Stamp key_stamp_;
  SslContextPointer context_;
  std::int64_t not_after_ = 0;
};

}  // namespace jaring::internal
