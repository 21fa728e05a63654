// TLS as clients see it: what is refused, what is kept up while certificates change.

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "channels/http/http_server_fixture.h"

namespace jaring {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;

/// Writes a self-signed certificate for `name` and its key.
void WriteCertificate(const std::filesystem::path& certificate, const std::filesystem::path& key,
                      const char* name) {
  const Key pair(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, KeyFree> x509(X509_new());
  X509_set_version(x509.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509.get()), 86'400);
  X509_set_pubkey(x509.get(), pair.get());
  X509_NAME* subject = X509_get_subject_name(x509.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(x509.get(), subject);
  ASSERT_NE(X509_sign(x509.get(), pair.get(), EVP_sha256()), 0);
  FILE* file = fopen(certificate.c_str(), "w");
  PEM_write_X509(file, x509.get());
  fclose(file);
  file = fopen(key.c_str(), "w");
  PEM_write_PrivateKey(file, pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
  fclose(file);
  chmod(key.c_str(), 0600);
}

/// A client that speaks TLS over a blocking socket.
class TlsClient {
 public:
  struct Wish {
    int version = 0;  // 0: whatever is best.
    std::string protocols = "\x08http/1.1";
    const char* ciphers = nullptr;
  };

  TlsClient(int port, const Wish& wish)
      : socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), wish.version);
    SSL_CTX_set_max_proto_version(context_.get(), wish.version);
    if (wish.ciphers != nullptr) {
      SSL_CTX_set_cipher_list(context_.get(), wish.ciphers);
    }
    ssl_.reset(SSL_new(context_.get()));
    if (!wish.protocols.empty()) {
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(wish.protocols.data()),
                          static_cast<unsigned>(wish.protocols.size()));
    }
    SSL_set_fd(ssl_.get(), socket_.descriptor());
    ERR_clear_error();
    connected_ = SSL_connect(ssl_.get()) == 1;
    error_ = ERR_GET_REASON(ERR_peek_error());
    ERR_clear_error();
  }

  bool connected() const { return connected_; }
  int error() const { return error_; }
  SSL* ssl() const { return ssl_.get(); }
  Client& socket() { return socket_; }

  void Send(std::string_view bytes) {
    ASSERT_EQ(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())),
              static_cast<int>(bytes.size()));
  }
  std::string ReadAll() {
    std::string text;
    char bytes[20'000];
    for (int got = 0; (got = SSL_read(ssl_.get(), bytes, sizeof(bytes))) > 0;) {
      text.append(bytes, static_cast<std::size_t>(got));
    }
    ended_in_order_ = (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    return text;
  }
  std::string ReadUntil(std::string_view end) {
    std::string text;
    char byte = 0;
    while (text.find(end) == std::string::npos && SSL_read(ssl_.get(), &byte, 1) == 1) {
      text += byte;
    }
    return text;
  }
  bool ended_in_order() const { return ended_in_order_; }
  std::string certificate_name() const {
    const std::unique_ptr<X509, KeyFree> peer(SSL_get1_peer_certificate(ssl_.get()));
    char name[100] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name,
                              sizeof(name));
    return name;
  }

 private:
  Client socket_;
  std::unique_ptr<SSL_CTX, KeyFree> context_;
  std::unique_ptr<SSL, KeyFree> ssl_;
  bool connected_ = false;
  bool ended_in_order_ = false;
  int error_ = 0;
};

class HttpTlsTest : public HttpServerTest {
 protected:
  HttpTlsTest() {
    certificate_ = folder_ / "server.crt";
    key_ = folder_ / "server.key";
    WriteCertificate(certificate_, key_, "first.example");
    options_.tls_certificate = certificate_.string();
    options_.tls_key = key_.string();
    options_.handshake_timeout = milliseconds(20'000);
  }

  void StartLogged() {
    log_ = *ServerLog::Open((folder_ / "log").string());
    options_.log = log_.get();
    Start();
  }

  /// What the log says once the server has ended.
  std::string LogAfterStop() {
    Stop();
    server_.reset();
    log_.reset();
    return ReadFile(folder_ / "log");
  }

  std::string AskTls(std::string_view request) {
    TlsClient client(server_->port(), {});
    EXPECT_TRUE(client.connected());
    client.Send(request);
    return client.ReadAll();
  }

  std::string NameNow() {
    const TlsClient client(server_->port(), {});
    return client.connected() ? client.certificate_name() : "not connected";
  }

  /// Asks until the certificate has that name: the server looks at its files now and then.
  bool BecomesName(const std::string& name) {
    for (int i = 0; i < 2000; ++i) {
      if (NameNow() == name) {
        return true;
      }
      std::this_thread::yield();
    }
    return false;
  }

  std::filesystem::path certificate_;
  std::filesystem::path key_;
  std::unique_ptr<ServerLog> log_;
};

TEST_F(HttpTlsTest, AnswersUnderTls12AndTls13) {
  Start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server_->port(), {.version = version});
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(SSL_version(client.ssl()), version);
    const unsigned char* protocol = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(client.ssl(), &protocol, &size);
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(protocol), size), "http/1.1");
    client.Send(Get("/ping"));
    EXPECT_THAT(client.ReadUntil("pong"),
                HasSubstr("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
    client.Send(Get("/worker?w", kClose));
    EXPECT_THAT(client.ReadAll(), EndsWith("worker w"));
    EXPECT_TRUE(client.ended_in_order());
  }
}

TEST_F(HttpTlsTest, ManyPipelinedRequestsInOneRecordAreAllAnswered) {
  Start();
  TlsClient client(server_->port(), {});
  std::string many;
  for (int i = 0; i < 200; ++i) {
    many += Get("/ping");
  }
  client.Send(many + Get("/worker?last", kClose));
  const std::string answers = client.ReadAll();
  std::size_t pongs = 0;
  for (std::size_t at = answers.find("pong"); at != std::string::npos;
       at = answers.find("pong", at + 1)) {
    ++pongs;
  }
  EXPECT_EQ(pongs, 200U);
  EXPECT_THAT(answers, EndsWith("worker last"));
}

TEST_F(HttpTlsTest, TakesLargeBodiesAndGivesLargeAnswers) {
  Start();
  const std::string body(std::size_t{1} << 20U, 'b');
  TlsClient client(server_->port(), {});
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
      "Content-Length: 1048576\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send(body);
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 201"));
  client.Send(Get("/big", kClose));
  const std::string answers = client.ReadAll();
  EXPECT_THAT(answers, StartsWith("|bbbb"));
  EXPECT_GT(answers.size(), 21'000'000U);
  EXPECT_THAT(answers, EndsWith("xEND"));
}

TEST_F(HttpTlsTest, RefusesOldVersionsWeakCiphersAndOtherProtocols) {
  Start();
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const TlsClient old(server_->port(), {.version = version});
    EXPECT_FALSE(old.connected());
  }
  // No forward secrecy, and CBC.
  for (const char* cipher : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "NULL-SHA256"}) {
    const TlsClient weak(server_->port(), {.version = TLS1_2_VERSION, .ciphers = cipher});
    EXPECT_FALSE(weak.connected()) << cipher;
  }
  const TlsClient h2(server_->port(), {.protocols = std::string("\x02h2")});
  EXPECT_FALSE(h2.connected());
  EXPECT_EQ(h2.error(), SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL);
  EXPECT_TRUE(TlsClient(server_->port(), {.protocols = ""}).connected());
  EXPECT_TRUE(TlsClient(server_->port(), {.protocols = "\x02h2\x08http/1.1"}).connected());
  EXPECT_THAT(metrics_->Text(), HasSubstr("\njaring_tls_handshake_failures_total 6\n"));
}

TEST_F(HttpTlsTest, DoesNotRenegotiate) {
  Start();
  TlsClient client(server_->port(), {.version = TLS1_2_VERSION});
  ASSERT_TRUE(client.connected());
  SSL_renegotiate(client.ssl());
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

TEST_F(HttpTlsTest, TellsAPlainClientToUseTls) {
  Start();
  const std::string answer = Ask(Get("/ping"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, EndsWith("request.needs_tls\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Strict-Transport-Security")));
  EXPECT_EQ(NameNow(), "first.example");
}

TEST_F(HttpTlsTest, SurvivesWhatIsNotTls) {
  Start();
  for (const std::string& noise :
       {std::string("\0\0\0\0\0\0\0\0", 8), std::string("\x16\x03\x01\xff\xff", 5) + "junk",
        std::string(20'000, '\x16')}) {
    Ask(noise);
  }
  EXPECT_EQ(NameNow(), "first.example");
}

TEST_F(HttpTlsTest, EndsSlowHandshakesAndSlowHeaders) {
  options_.handshake_timeout = milliseconds(40);
  options_.header_timeout = milliseconds(40);
  Start();
  Client silent(server_->port());
  EXPECT_EQ(silent.ReadAll(), "");
  Client stuck(server_->port());
  stuck.Send(std::string_view("\x16\x03\x01\x01\x00", 5));
  EXPECT_EQ(stuck.ReadAll(), "");
  TlsClient slow(server_->port(), {});
  slow.Send("GET /ping HT");
  EXPECT_THAT(slow.ReadAll(), EndsWith("request.timed_out\n"));
  EXPECT_TRUE(slow.ended_in_order());
}

TEST_F(HttpTlsTest, ByteAfterByteDoesNotStretchAHandshake) {
  options_.handshake_timeout = milliseconds(60);
  Start();
  Client client(server_->port());
  std::atomic<bool> done = false;
  std::thread drip([&] {
    // A handshake record of 16 KiB that would take a minute.
    client.Send(std::string_view("\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03", 11));
    while (!done) {
      client.Send("a");
      std::this_thread::sleep_for(milliseconds(5));  // What a slow attacker does.
    }
  });
  EXPECT_EQ(client.ReadAll(), "");
  done = true;
  drip.join();
}

TEST_F(HttpTlsTest, SurvivesAClientThatLeavesWhileItIsAnswered) {
  Start();
  for (int i = 0; i < 20; ++i) {
    TlsClient client(server_->port(), {});
    client.Send(Get("/big") + Get("/ping"));
    client.ReadUntil("xx");
  }
  EXPECT_THAT(AskTls(Get("/ping", kClose)), EndsWith("pong"));
}

TEST_F(HttpTlsTest, TakesANewCertificateWithoutEndingConnections) {
  options_.header_timeout = milliseconds(400);  // So that it looks at its files often.
  StartLogged();
  TlsClient before(server_->port(), {});
  before.Send(Get("/ping"));
  before.ReadUntil("pong");
  WriteCertificate(certificate_, key_, "second.example");
  EXPECT_TRUE(BecomesName("second.example"));
  before.Send(Get("/ping", kClose));
  EXPECT_THAT(before.ReadAll(), EndsWith("pong"));
  EXPECT_EQ(before.certificate_name(), "first.example");
  EXPECT_THAT(LogAfterStop(), HasSubstr("\"level\":\"info\",\"event\":\"tls/reloaded\""));
}

TEST_F(HttpTlsTest, KeepsTheOldCertificateWhenTheNewOneIsBroken) {
  StartLogged();
  std::ofstream(certificate_) << "-----BEGIN CERTIFICATE-----\nnonsense\n";
  server_->Reload();
  EXPECT_EQ(NameNow(), "first.example");
  WriteCertificate(certificate_, folder_ / "other.key", "third.example");  // With another's key.
  server_->Reload();
  EXPECT_EQ(NameNow(), "first.example");
  std::filesystem::remove(key_);
  server_->Reload();
  EXPECT_EQ(NameNow(), "first.example");
  std::filesystem::rename(folder_ / "other.key", key_);
  server_->Reload();
  EXPECT_TRUE(BecomesName("third.example"));
  const std::string log = LogAfterStop();
  EXPECT_THAT(log, HasSubstr("\"level\":\"error\",\"event\":\"tls/kept_old\""));
  EXPECT_THAT(log, HasSubstr("tls.certificate_unreadable"));
  EXPECT_THAT(log, HasSubstr("tls.key_mismatch"));
  EXPECT_THAT(log, HasSubstr("tls.key_unreadable"));
}

TEST_F(HttpTlsTest, DoesNotStartWithFilesItCannotUse) {
  metrics_.emplace(router_.Names());
  const auto listen = [&] {
    auto server = HttpServer::Listen(options_, router_, *metrics_);
    return server ? "" : server.error().rule;
  };
  options_.listen = "0.0.0.0:0";  // Under TLS others may reach it.
  EXPECT_EQ(listen(), "");
  chmod(key_.c_str(), 0604);
  EXPECT_EQ(listen(), "tls.key_exposed");
  chmod(key_.c_str(), 0640);
  EXPECT_EQ(listen(), "");
  options_.tls_key = "";
  EXPECT_EQ(listen(), "listen.tls_incomplete");
  options_.tls_key = (folder_ / "none.key").string();
  EXPECT_EQ(listen(), "tls.key_unreadable");
  options_.tls_key = certificate_.string();
  chmod(certificate_.c_str(), 0600);
  EXPECT_EQ(listen(), "tls.key_unreadable");
  WriteCertificate(folder_ / "other.crt", folder_ / "other.key", "other.example");
  options_.tls_key = (folder_ / "other.key").string();
  EXPECT_EQ(listen(), "tls.key_mismatch");
  options_.tls_certificate = (folder_ / "none.crt").string();
  EXPECT_EQ(listen(), "tls.certificate_unreadable");
}

TEST_F(HttpTlsTest, RefusesAKeyWithAPassphraseInsteadOfAsking) {
  const Key pair(EVP_EC_gen("P-256"));
  FILE* file = fopen(key_.c_str(), "w");
  PEM_write_PrivateKey(file, pair.get(), EVP_aes_128_cbc(),
                       reinterpret_cast<const unsigned char*>("secret"), 6, nullptr, nullptr);
  fclose(file);
  metrics_.emplace(router_.Names());
  const auto server = HttpServer::Listen(options_, router_, *metrics_);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().rule, "tls.key_unreadable");
}

TEST_F(HttpTlsTest, ServesAnyHostNameOnLoopback) {
  Start();
  EXPECT_THAT(AskTls("GET /ping HTTP/1.1\r\nHost: jaring.example\r\nConnection: close\r\n\r\n"),
              EndsWith("pong"));
}

}  // namespace
}  // namespace jaring
