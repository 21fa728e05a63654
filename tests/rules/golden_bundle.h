#pragma once

// What the golden runner reads: one text with the scheme, the cases and the random rounds, so that
// a native program and a WebAssembly one need nothing but standard input.
//
//   @scheme                 the lines of SerializeScheme follow
//   @file price/basic.case  the lines of a case file follow
//   @random SEED COUNT      COUNT random questions
//
// A case file holds cases; '#' begins a comment line:
//
//   case the basic package of the lowest bracket
//     given income 1000000
//     expect price.total 16800
//     source pp44-2015:annex2

#include <string>
#include <string_view>
#include <vector>

#include "wasm/question.h"

namespace jaring {

struct Expectation {
  std::string_view kind;   // "price".
  std::string_view key;    // "total".
  std::string_view value;  // "16800".
};

struct GoldenCase {
  std::string_view file;
  std::string_view name;
  Givens givens;
  std::vector<Expectation> expectations;
  std::string_view source;
};

struct RandomRound {
  std::uint64_t seed = 0;
  std::int64_t count = 0;
};

/// Views into the text it was read from.
struct GoldenBundle {
  std::string_view scheme;
  std::vector<GoldenCase> cases;
  std::vector<RandomRound> rounds;
  std::vector<std::string> problems;  // "FILE: line …"; a bundle with problems fails.
};

GoldenBundle ReadBundle(std::string_view text);

/// Answers random questions and returns one line for every thousand: their number and a hash of the
/// answers. Equal lines from two builds mean equal answers.
std::vector<std::string> RunRandom(const Scheme& scheme, const RandomRound& round);

}  // namespace jaring
