#pragma once

// A client's socket, plain or under TLS. Inside channels/http only: Asio shows.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <span>

#include "channels/http/tls_certificates.h"

namespace jaring::internal {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// Under TLS OpenSSL reads and writes the socket itself and Asio only waits for it: no buffers
/// between them, and an answer is written at once as on a plain socket.
///
/// Thread: one.
class Stream {
 public:
  /// `tls` is the session on this very socket, nullptr for a plain one.
  Stream(Socket socket, SslPointer tls) : socket_(std::move(socket)), tls_(std::move(tls)) {}

  Socket& socket() { return socket_; }
  bool is_tls() const { return tls_ != nullptr; }

  enum class Step : std::uint8_t { kDone, kWaits, kFailed, kPlainHttp };
  /// The next step of the handshake; after kWaits call it again when AsyncWait has come back.
  Step Handshake();
  /// Goes on without TLS: for a client that never began it.
  void DropTls() { tls_.reset(); }

  /// Calls `handler(error_code)` when the socket is ready for what the last step waits for.
  template <typename Handler>
  void AsyncWait(Handler handler) {
    socket_.async_wait(waits_for_, std::move(handler));
  }

  /// Reads some bytes and calls `handler(error_code, size)`, never before this returns. The handler
  /// keeps this stream alive.
  template <typename Handler>
  void AsyncRead(asio::mutable_buffer to, Handler handler) {
    if (!tls_) {
      socket_.async_read_some(to, std::move(handler));
    } else if (SSL_has_pending(tls_.get()) == 0) {
      waits_for_ = Socket::wait_read;
      AwaitRead(to, std::move(handler));
    } else {
      // What OpenSSL has already taken from the socket no wait would tell of.
      error_code error;
      const std::size_t size = ReadSome(to, error);
      if (error == asio::error::would_block) {
        AwaitRead(to, std::move(handler));
      } else {
        asio::post(socket_.get_executor(),
                   [handler = std::move(handler), error, size]() mutable { handler(error, size); });
      }
    }
  }

  /// Writes at once what the socket takes, and no more than lets others have their turn.
  /// would_block: none; AsyncWait tells when to try again, with the same bytes.
  std::size_t WriteSome(std::span<const asio::const_buffer> parts, error_code& error);

  /// Tells the client that nothing follows.
  void ShutdownSend();
  void Close();

 private:
  template <typename Handler>
  void AwaitRead(asio::mutable_buffer to, Handler handler) {
    socket_.async_wait(waits_for_,
                       [this, to, handler = std::move(handler)](error_code error) mutable {
                         std::size_t size = 0;
                         if (!socket_.is_open()) {
                           error = asio::error::operation_aborted;  // Closed with this on its way.
                         }
                         if (!error) {
                           size = ReadSome(to, error);
                         }
                         if (error == asio::error::would_block) {
                           AwaitRead(to, std::move(handler));
                         } else {
                           handler(error, size);
                         }
                       });
  }

  std::size_t ReadSome(asio::mutable_buffer to, error_code& error);
  /// What a call of OpenSSL that returned `result` <= 0 means.
  error_code ErrorOf(int result);

  Socket socket_;
  SslPointer tls_;
  Socket::wait_type waits_for_ = Socket::wait_write;
};

}  // namespace jaring::internal
