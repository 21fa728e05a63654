#pragma once

// Papers of claims in an object store that speaks S3: what comes there is sealed already.

#include <string>

#include "channels/http/http_fetch.h"
#include "claims/paper_store.h"

namespace jaring {

struct S3Settings {
  std::string url;     // Of the bucket, by its path: https://s3.example/papers; may have a folder.
  std::string region;  // "us-east-1" where a store has none.
  std::string key_id;
  std::string secret;
};

/// Source: Amazon S3 API Reference, GetObject and PutObject; AWS Signature Version 4 by libcurl.
/// Limit: a paper of 10 MiB, a minute for each.
class S3PaperStore final : public PaperStore {
 public:
  S3PaperStore(S3Settings settings, FetchWhole fetch);

  Result<Done> Put(const std::string& name, std::string_view bytes) override;
  Result<std::string> Get(const std::string& name) override;

 private:
  FetchRequest RequestFor(const std::string& name, std::string_view bytes) const;

  const S3Settings settings_;
  const FetchWhole fetch_;
};

}  // namespace jaring
