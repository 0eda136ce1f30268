#include "core/keys/material.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/file.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::keys {
namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Result<Form> form_of_pem(std::string_view pem) {
  if (holds(pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----") || holds(pem, "Proc-Type: 4,ENCRYPTED")) {
    return Form::encrypted_pem;
  }
  if (holds(pem, "PRIVATE KEY-----")) return Form::private_pem;
  if (holds(pem, "-----BEGIN PUBLIC KEY-----")) return Form::public_pem;
  if (holds(pem, "-----BEGIN CERTIFICATE-----")) {
    return Error{.code = Errc::input,
                 .message = "this is a certificate, not a key",
                 .hint = "openssl x509 -pubkey -noout -in FILE"};
  }
  return Error{.code = Errc::input,
               .message = "this PEM contains neither a private nor a public key"};
}

Result<Material> read_private(const Secret& content, const Secret& passphrase,
                              std::optional<crypto::Algorithm> alg, Form form) {
  TRY(auto key, jose::load_signing_key(content, passphrase, alg));
  Material material{.form = form};
  material.keys.push_back({key.key.public_key(), key.kid, key.alg});
  material.private_key = std::move(key);
  return material;
}

}  // namespace

std::string_view name(Form form) {
  switch (form) {
    case Form::private_pem:
      return "private key, PEM";
    case Form::encrypted_pem:
      return "encrypted private key, PEM";
    case Form::public_pem:
      return "public key, PEM";
    case Form::private_jwk:
      return "private key, JWK";
    case Form::public_jwk:
      return "public key, JWK";
    case Form::key_set:
      return "key set, JWKS";
  }
  return "";
}

Result<KeyFile> read_key_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Error{
        .code = errno == ENOENT || errno == ENOTDIR ? Errc::not_found : Errc::io,
        .message = text::format("cannot open `{}`: {}", path.string(), std::strerror(errno))};
  }
  struct stat info{};
  const bool known = ::fstat(fd, &info) == 0;
  auto content = read_secret_fd(fd, path.string(), jose::KeySet::kMaxBytes);
  ::close(fd);
  if (!content) return std::move(content).error();
  const bool open_to_others = known && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  return KeyFile{*std::move(content), open_to_others && S_ISREG(info.st_mode)};
}

Result<Form> form_of(std::string_view content) {
  const auto first = content.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return Error{.code = Errc::input, .message = "the key is empty"};
  }
  if (content[first] == '{') {
    if (holds(content, "\"keys\"")) return Form::key_set;
    return holds(content, "\"d\"") ? Form::private_jwk : Form::public_jwk;
  }
  if (holds(content, "-----BEGIN ")) return form_of_pem(content);
  return Error{.code = Errc::input,
               .message = "this is neither PEM nor a JWK",
               .hint = "a key in DER becomes PEM with `openssl pkey -inform DER`"};
}

Result<Material> read_material(const Secret& content, const Secret& passphrase,
                               std::optional<crypto::Algorithm> alg) {
  TRY(const Form form, form_of(content.reveal_text()));
  if (form == Form::private_pem || form == Form::encrypted_pem || form == Form::private_jwk) {
    return read_private(content, passphrase, alg, form);
  }
  TRY(const auto set, jose::KeySet::parse(content.reveal_text()));
  Material material{.form = form, .keys = set.keys(), .skipped = set.skipped()};
  for (jose::Jwk& jwk : material.keys) {
    if (alg && !crypto::fits(*alg, jwk.key.type())) {
      return Error{.code = Errc::usage,
                   .message = text::format("{} does not fit a key of type {}", crypto::name(*alg),
                                           crypto::name(jwk.key.type()))};
    }
    if (alg) jwk.alg = alg;
  }
  return material;
}

std::vector<std::string> warnings(const Material& material, bool exposed) {
  std::vector<std::string> list;
  const bool is_private = material.form == Form::private_pem || material.form == Form::private_jwk;
  if (is_private && exposed) {
    list.emplace_back("others can read this private key; chmod 600, and replace it if they did");
  }
  for (const jose::Jwk& jwk : material.keys) {
    const auto thumbprint = jose::thumbprint(jwk.key);
    const std::string label = jwk.kid.empty() ? thumbprint : jwk.kid;
    if (!jwk.kid.empty() && jwk.kid != thumbprint) {
      list.push_back(
          text::format("`{}`: the kid is not the thumbprint, so another key can have it", label));
    }
    const bool in_set = material.form == Form::key_set || material.form == Form::public_jwk;
    if (in_set && jwk.kid.empty()) list.push_back(text::format("`{}`: no kid", label));
    if (in_set && !jwk.alg && jwk.key.type() == crypto::KeyType::rsa) {
      list.push_back(text::format("`{}`: no alg, which leaves it to the token", label));
    }
  }
  return list;
}

}  // namespace mcpauth::keys
