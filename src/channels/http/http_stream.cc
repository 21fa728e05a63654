#include "channels/http/http_stream.h"

#include <openssl/err.h>

#include <algorithm>
#include <climits>

namespace jaring::internal {
namespace {

constexpr std::size_t kMostAtOnce = std::size_t{256} * 1024;

}  // namespace

Stream::Step Stream::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  if (result == 1) {
    return Step::kDone;
  }
  const int reason = ERR_GET_REASON(ERR_peek_error());
  if (reason == SSL_R_HTTP_REQUEST) {
    ERR_clear_error();
    return Step::kPlainHttp;
  }
  return ErrorOf(result) == asio::error::would_block ? Step::kWaits : Step::kFailed;
}

std::size_t Stream::ReadSome(asio::mutable_buffer to, error_code& error) {
  ERR_clear_error();
  const int size = static_cast<int>(std::min<std::size_t>(to.size(), INT_MAX));
  const int got = SSL_read(tls_.get(), to.data(), size);
  if (got > 0) {
    error = {};
    return static_cast<std::size_t>(got);
  }
  error = ErrorOf(got);
  return 0;
}

std::size_t Stream::WriteSome(std::span<const asio::const_buffer> parts, error_code& error) {
  waits_for_ = Socket::wait_write;
  if (!tls_) {
    const std::size_t written = socket_.write_some(parts, error);
    return written;
  }
  std::size_t written = 0;
  for (asio::const_buffer part : parts) {
    while (part.size() > 0 && written < kMostAtOnce) {
      ERR_clear_error();
      const int size = static_cast<int>(std::min<std::size_t>(part.size(), INT_MAX));
      const int sent = SSL_write(tls_.get(), part.data(), size);
      if (sent <= 0) {
        error = ErrorOf(sent);
        return written;
      }
      part += static_cast<std::size_t>(sent);
      written += static_cast<std::size_t>(sent);
    }
  }
  error = {};
  return written;
}

error_code Stream::ErrorOf(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      waits_for_ = Socket::wait_read;
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
      waits_for_ = Socket::wait_write;
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    default:
      ERR_clear_error();
      return asio::error::connection_reset;
  }
}

void Stream::ShutdownSend() {
  if (tls_ && SSL_is_init_finished(tls_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());  // Its few bytes fit, or the client does not read anyway.
    ERR_clear_error();
  }
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Stream::Close() {
  // First the session: it knows its socket by a number that may soon be another's.
  tls_.reset();
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace jaring::internal
