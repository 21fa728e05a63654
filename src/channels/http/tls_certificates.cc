#include "channels/http/tls_certificates.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <cerrno>
#include <ctime>

namespace jaring::internal {
namespace {

constexpr long kSessionSeconds = 3600;

// A socket as OpenSSL sees it. Its own would write without MSG_NOSIGNAL, so that a client that has
// left would end the program by SIGPIPE.
int SocketOf(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int WriteSocket(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = send(SocketOf(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    BIO_set_retry_write(bio);
  }
  return static_cast<int>(sent);
}

int ReadSocket(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = recv(SocketOf(bio), data, static_cast<std::size_t>(size), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    BIO_set_retry_read(bio);
  }
  return static_cast<int>(got);
}

long ControlSocket(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* SocketMethod() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    JARING_CHECK(method != nullptr);
    BIO_meth_set_write(method, WriteSocket);
    BIO_meth_set_read(method, ReadSocket);
    BIO_meth_set_ctrl(method, ControlSocket);
    return method;
  }();
  return kMethod;
}

/// A client that speaks ALPN but not our protocol is told so (RFC 7301 3.2), not answered in a
/// language it does not know.
int SelectProtocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, kOurs, sizeof(kOurs) - 1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

std::string LastReason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "" : reason;
}

/// The rules of every session, but for certificate and key.
SslContextPointer NewContext() {
  SslContextPointer context(SSL_CTX_new(TLS_server_method()));
  JARING_CHECK(context != nullptr);
  SSL_CTX* const c = context.get();
  JARING_CHECK(SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1);
  JARING_CHECK(SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL") == 1);
  JARING_CHECK(SSL_CTX_set1_groups_list(c, "X25519:P-256:P-384") == 1);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                             SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Released buffers keep ten thousand idle connections small.
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                          SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(c, 1);  // One receive for a record instead of two.
  // Sessions live in tickets only, under keys that are never stored and end with this context.
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_timeout(c, kSessionSeconds);
  SSL_CTX_set_num_tickets(c, 1);
  SSL_CTX_set_alpn_select_cb(c, SelectProtocol, nullptr);
  // A key with a passphrase is refused instead of asking for one at the terminal.
  SSL_CTX_set_default_passwd_cb(c, [](char*, int, int, void*) { return 0; });
  return context;
}

std::int64_t NotAfterOf(SSL_CTX* context) {
  std::tm when = {};
  const X509* certificate = SSL_CTX_get0_certificate(context);
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) != 1) {
    return 0;
  }
  return timegm(&when);
}

}  // namespace

Result<std::unique_ptr<TlsCertificates>> TlsCertificates::Load(std::string certificate,
                                                               std::string key) {
  std::unique_ptr<TlsCertificates> made(
      new TlsCertificates(std::move(certificate), std::move(key)));
  JARING_RETURN_IF_ERROR(made->Read());
  return made;
}

SslPointer TlsCertificates::NewSession(int socket) const {
  SslPointer ssl(SSL_new(context_.get()));
  BIO* const bio = BIO_new(SocketMethod());
  if (ssl == nullptr || bio == nullptr) {
    BIO_free(bio);
    return nullptr;  // Out of memory.
  }
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl.get(), bio, bio);
  SSL_set_accept_state(ssl.get());
  return ssl;
}

Result<bool> TlsCertificates::Refresh(Reload reload) {
  if (reload == Reload::kIfChanged && StampOf(certificate_) == certificate_stamp_ &&
      StampOf(key_) == key_stamp_) {
    return false;
  }
  JARING_RETURN_IF_ERROR(Read());
  return true;
}

Result<Done> TlsCertificates::Read() {
  // Before reading: what changes meanwhile is then read again next time.
  certificate_stamp_ = StampOf(certificate_);
  key_stamp_ = StampOf(key_);
  struct stat key_status = {};
  if (stat(key_.c_str(), &key_status) == 0 && (key_status.st_mode & S_IRWXO) != 0) {
    return Invalid("tls.key_exposed", key_);
  }
  ERR_clear_error();
  SslContextPointer context = NewContext();
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_.c_str()) != 1) {
    return Invalid("tls.certificate_unreadable", certificate_ + ": " + LastReason());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool mismatch = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    return Invalid(mismatch ? "tls.key_mismatch" : "tls.key_unreadable",
                   key_ + ": " + LastReason());
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) {
    return Invalid("tls.key_mismatch", key_ + ": " + LastReason());
  }
  not_after_ = NotAfterOf(context.get());
  context_ = std::move(context);
  return Done{};
}

TlsCertificates::Stamp TlsCertificates::StampOf(const std::string& file) {
  struct stat status = {};
  if (stat(file.c_str(), &status) != 0) {
    return {};
  }
  return {status.st_ino, status.st_size,
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

}  // namespace jaring::internal
