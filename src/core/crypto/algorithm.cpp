#include "core/crypto/algorithm.hpp"

#include <array>

namespace mcpauth::crypto {
namespace {

using enum Algorithm;
constexpr std::array kAlgorithms = {es256, es384, es512, eddsa, rs256,
                                    rs384, rs512, ps256, ps384, ps512};

}  // namespace

std::span<const Algorithm> algorithms() {
  return kAlgorithms;
}

std::string_view name(Algorithm algorithm) {
  switch (algorithm) {
    case es256:
      return "ES256";
    case es384:
      return "ES384";
    case es512:
      return "ES512";
    case eddsa:
      return "EdDSA";
    case rs256:
      return "RS256";
    case rs384:
      return "RS384";
    case rs512:
      return "RS512";
    case ps256:
      return "PS256";
    case ps384:
      return "PS384";
    case ps512:
      return "PS512";
  }
  return "";
}

std::string_view name(KeyType type) {
  switch (type) {
    case KeyType::p256:
      return "P-256";
    case KeyType::p384:
      return "P-384";
    case KeyType::p521:
      return "P-521";
    case KeyType::ed25519:
      return "Ed25519";
    case KeyType::rsa:
      return "RSA";
  }
  return "";
}

std::optional<Algorithm> algorithm_named(std::string_view wanted) {
  for (const Algorithm algorithm : kAlgorithms) {
    if (name(algorithm) == wanted) return algorithm;
  }
  if (wanted == "Ed25519") return eddsa;
  return std::nullopt;
}

bool fits(Algorithm algorithm, KeyType type) {
  switch (algorithm) {
    case es256:
      return type == KeyType::p256;
    case es384:
      return type == KeyType::p384;
    case es512:
      return type == KeyType::p521;
    case eddsa:
      return type == KeyType::ed25519;
    case rs256:
    case rs384:
    case rs512:
    case ps256:
    case ps384:
    case ps512:
      return type == KeyType::rsa;
  }
  return false;
}

Algorithm default_algorithm(KeyType type) {
  switch (type) {
    case KeyType::p256:
      return es256;
    case KeyType::p384:
      return es384;
    case KeyType::p521:
      return es512;
    case KeyType::ed25519:
      return eddsa;
    case KeyType::rsa:
      return rs256;
  }
  return es256;
}

}  // namespace mcpauth::crypto
