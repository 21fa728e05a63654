#include "registry/seal.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace jaring {

struct Sealer::Ciphers {
  EVP_CIPHER_CTX* seal = EVP_CIPHER_CTX_new();
  EVP_CIPHER_CTX* unseal = EVP_CIPHER_CTX_new();
};

Sealer::Sealer(std::string_view key) : ciphers_(std::make_unique<Ciphers>()) {
  JARING_CHECK(key.size() == kKeyBytes);
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  JARING_CHECK(EVP_EncryptInit_ex(ciphers_->seal, EVP_aes_256_ecb(), nullptr, bytes, nullptr) == 1);
  JARING_CHECK(EVP_DecryptInit_ex(ciphers_->unseal, EVP_aes_256_ecb(), nullptr, bytes, nullptr) ==
               1);
  EVP_CIPHER_CTX_set_padding(ciphers_->seal, 0);
  EVP_CIPHER_CTX_set_padding(ciphers_->unseal, 0);
}

Sealer::~Sealer() {
  EVP_CIPHER_CTX_free(ciphers_->seal);
  EVP_CIPHER_CTX_free(ciphers_->unseal);
}

SealedBlock Sealer::Seal(std::string_view digits) const {
  JARING_CHECK(digits.size() <= std::tuple_size_v<SealedBlock>);
  SealedBlock plain{};
  std::memcpy(plain.data(), digits.data(), digits.size());
  SealedBlock sealed{};
  int length = 0;
  const std::lock_guard lock(mutex_);
  JARING_CHECK(EVP_EncryptUpdate(ciphers_->seal, reinterpret_cast<unsigned char*>(sealed.data()),
                                 &length, reinterpret_cast<const unsigned char*>(plain.data()),
                                 static_cast<int>(plain.size())) == 1);
  JARING_CHECK(length == static_cast<int>(sealed.size()));
  return sealed;
}

Result<std::string> Sealer::Unseal(std::string_view block) const {
  SealedBlock plain{};
  if (block.size() != plain.size()) {
    return Internal("seal.not_a_block");
  }
  int length = 0;
  const std::lock_guard lock(mutex_);
  JARING_CHECK(EVP_DecryptUpdate(ciphers_->unseal, reinterpret_cast<unsigned char*>(plain.data()),
                                 &length, reinterpret_cast<const unsigned char*>(block.data()),
                                 static_cast<int>(block.size())) == 1);
  JARING_CHECK(length == static_cast<int>(plain.size()));
  return std::string(View(plain).substr(0, View(plain).find('\0')));
}

Result<Done> EnsureKeyFile(const std::filesystem::path& path) {
  const auto fail = [&] {
    return Error{ErrorCode::kUnavailable, "key_file.not_writable", path.string()};
  };
  if (access(path.c_str(), F_OK) == 0) {
    return Done{};
  }
  // Written whole under another name and then linked: a key is never half there, and of two
  // processes that begin together one wins.
  std::string making = path.string() + ".XXXXXX";
  const int file = mkstemp(making.data());
  if (file < 0) {
    return fail();
  }
  const std::string key = RandomBytes(Sealer::kKeyBytes);
  const bool written = write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size());
  const bool kept = fsync(file) == 0;
  close(file);
  const bool linked =
      written && kept && (link(making.c_str(), path.c_str()) == 0 || errno == EEXIST);
  unlink(making.c_str());
  return linked ? Result<Done>(Done{}) : fail();
}

Result<std::string> ReadKeyFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return NotFound("key_file.missing", path.string());
  }
  std::string key(Sealer::kKeyBytes + 1, '\0');
  in.read(key.data(), static_cast<std::streamsize>(key.size()));
  if (in.gcount() != static_cast<std::streamsize>(Sealer::kKeyBytes)) {
    return Internal("key_file.malformed", path.string());
  }
  key.resize(Sealer::kKeyBytes);
  return key;
}

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  JARING_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                          static_cast<int>(bytes.size())) == 1);
  return bytes;
}

std::string Sha256(std::string_view data) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace jaring
