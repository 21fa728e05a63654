#pragma once

// What many clients have waiting, taken out in turn, so that a flood from one of them fills neither
// the queue nor the sets of the others.

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace jaring {

/// Thread: one caller at a time.
template <typename Job>
class FairQueue {
 public:
  struct Limits {
    std::size_t most = 0;                   // Of all clients together.
    std::size_t most_of_client = 0;         // Waiting.
    std::size_t most_of_client_in_set = 0;  // Taken at once.
  };

  explicit FairQueue(Limits limits) : limits_(limits) {}

  /// Adds the job behind the others of its client. What there is no room for comes back: this job,
  /// or, when the queue is full of others, the newest of the client that has most.
  std::optional<Job> Add(const std::string& client, Job job) {
    const auto found = by_name_.find(client);
    const std::size_t own = found == by_name_.end() ? 0 : found->second->jobs.size();
    if (own >= limits_.most_of_client) {
      return job;
    }
    std::optional<Job> displaced;
    if (size_ >= limits_.most) {
      const auto largest = Largest();
      if (largest->jobs.size() <= own + 1) {
        return job;
      }
      displaced = std::move(largest->jobs.back());
      largest->jobs.pop_back();  // It had two at least.
      --size_;
    }
    if (found == by_name_.end()) {
      clients_.push_back({client, {}, 0});
      by_name_[client] = std::prev(clients_.end());
    }
    by_name_.find(client)->second->jobs.push_back(std::move(job));
    ++size_;
    return displaced;
  }

  /// Takes up to `most` jobs, one of each client in turn; who was cut off comes first next time.
  std::vector<Job> Take(std::size_t most) {
    std::vector<Job> set;
    for (Client& client : clients_) {
      client.taken = 0;
    }
    std::size_t passed_over = 0;
    while (set.size() < most && passed_over < clients_.size()) {
      const auto client = clients_.begin();
      if (client->taken == limits_.most_of_client_in_set) {
        ++passed_over;
      } else {
        passed_over = 0;
        set.push_back(std::move(client->jobs.front()));
        client->jobs.pop_front();
        ++client->taken;
        --size_;
      }
      if (client->jobs.empty()) {
        by_name_.erase(client->name);
        clients_.erase(client);
      } else {
        clients_.splice(clients_.end(), clients_, client);
      }
    }
    return set;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  struct Client {
    std::string name;
    std::deque<Job> jobs;  // Never empty between calls.
    std::size_t taken = 0;
  };

  /// Only asked when the queue is full.
  typename std::list<Client>::iterator Largest() {
    return std::max_element(clients_.begin(), clients_.end(), [](const Client& a, const Client& b) {
      return a.jobs.size() < b.jobs.size();
    });
  }

  const Limits limits_;
  std::list<Client> clients_;  // Whose turn is next comes first.
  std::unordered_map<std::string, typename std::list<Client>::iterator> by_name_;
  std::size_t size_ = 0;
};

}  // namespace jaring
