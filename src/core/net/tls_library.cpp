#include "core/net/tls_library.hpp"

#include <dlfcn.h>

#include <type_traits>

#include <openssl/ssl.h>

#include "core/base/panic.hpp"

// The functions of libssl that Asio and tls.cpp call. Each forwards to the library, which is opened
// when TLS is served and not at every start (docs/adr/0018). A function that is missing here makes
// the program link with libssl again, and load it at every start. They are hidden, so that libcurl,
// which may be open too, keeps calling the library itself.

namespace mcpauth::net {
namespace {

void* library() {
  static void* const kLibrary =
      ::dlopen("libssl.so." OPENSSL_MSTR(OPENSSL_SHLIB_VERSION), RTLD_NOW | RTLD_LOCAL);
  return kLibrary;
}

template <class Function>
Function* find(const char* name) {
  void* found = library() == nullptr ? nullptr : ::dlsym(library(), name);
  if (found == nullptr) panic("libssl lacks a function");
  return reinterpret_cast<Function*>(found);
}

}  // namespace

bool have_libssl() {
  return library() != nullptr;
}

}  // namespace mcpauth::net

// NOLINTBEGIN(cppcoreguidelines-macro-usage,readability-identifier-*,bugprone-macro-parentheses)
#define FORWARD(result, name, parameters, arguments)                                              \
  extern "C" __attribute__((visibility("hidden"))) result mcpauth_##name parameters __asm(#name); \
  result mcpauth_##name parameters {                                                              \
    static_assert(std::is_same_v<decltype(name), decltype(mcpauth_##name)>);                      \
    static auto* const kReal = mcpauth::net::find<decltype(name)>(#name);                         \
    return kReal arguments;                                                                       \
  }
#define FORWARD_0(R, name) FORWARD(R, name, (), ())
#define FORWARD_1(R, name, A) FORWARD(R, name, (A a), (a))
#define FORWARD_2(R, name, A, B) FORWARD(R, name, (A a, B b), (a, b))
#define FORWARD_3(R, name, A, B, C) FORWARD(R, name, (A a, B b, C c), (a, b, c))
#define FORWARD_4(R, name, A, B, C, D) FORWARD(R, name, (A a, B b, C c, D d), (a, b, c, d))
#define FORWARD_6(R, name, A, B, C, D, E, F) \
  FORWARD(R, name, (A a, B b, C c, D d, E e, F f), (a, b, c, d, e, f))

FORWARD_2(uint64_t, SSL_CTX_clear_options, SSL_CTX*, uint64_t)
FORWARD_4(long, SSL_CTX_ctrl, SSL_CTX*, int, long, void*)
FORWARD_1(void, SSL_CTX_free, SSL_CTX*)
FORWARD_1(X509_STORE*, SSL_CTX_get_cert_store, const SSL_CTX*)
FORWARD_1(pem_password_cb*, SSL_CTX_get_default_passwd_cb, SSL_CTX*)
FORWARD_1(void*, SSL_CTX_get_default_passwd_cb_userdata, SSL_CTX*)
FORWARD_2(void*, SSL_CTX_get_ex_data, const SSL_CTX*, int)
FORWARD_1(SSL_verify_cb, SSL_CTX_get_verify_callback, const SSL_CTX*)
FORWARD_1(int, SSL_CTX_get_verify_mode, const SSL_CTX*)
FORWARD_3(int, SSL_CTX_load_verify_locations, SSL_CTX*, const char*, const char*)
FORWARD_1(SSL_CTX*, SSL_CTX_new, const SSL_METHOD*)
FORWARD_2(int, SSL_CTX_set0_tmp_dh_pkey, SSL_CTX*, EVP_PKEY*)
FORWARD_3(void, SSL_CTX_set_alpn_select_cb, SSL_CTX*, SSL_CTX_alpn_select_cb_func, void*)
FORWARD_2(void, SSL_CTX_set_default_passwd_cb, SSL_CTX*, pem_password_cb*)
FORWARD_2(void, SSL_CTX_set_default_passwd_cb_userdata, SSL_CTX*, void*)
FORWARD_1(int, SSL_CTX_set_default_verify_paths, SSL_CTX*)
FORWARD_3(int, SSL_CTX_set_ex_data, SSL_CTX*, int, void*)
FORWARD_2(uint64_t, SSL_CTX_set_options, SSL_CTX*, uint64_t)
FORWARD_3(void, SSL_CTX_set_verify, SSL_CTX*, int, SSL_verify_cb)
FORWARD_2(void, SSL_CTX_set_verify_depth, SSL_CTX*, int)
FORWARD_2(int, SSL_CTX_use_PrivateKey, SSL_CTX*, EVP_PKEY*)
FORWARD_3(int, SSL_CTX_use_PrivateKey_file, SSL_CTX*, const char*, int)
FORWARD_2(int, SSL_CTX_use_certificate, SSL_CTX*, X509*)
FORWARD_3(int, SSL_CTX_use_certificate_ASN1, SSL_CTX*, int, const unsigned char*)
FORWARD_2(int, SSL_CTX_use_certificate_chain_file, SSL_CTX*, const char*)
FORWARD_3(int, SSL_CTX_use_certificate_file, SSL_CTX*, const char*, int)
FORWARD_1(int, SSL_accept, SSL*)
FORWARD_1(int, SSL_connect, SSL*)
FORWARD_4(long, SSL_ctrl, SSL*, int, long, void*)
FORWARD_1(void, SSL_free, SSL*)
FORWARD_1(SSL_CTX*, SSL_get_SSL_CTX, const SSL*)
FORWARD_2(int, SSL_get_error, const SSL*, int)
FORWARD_2(void*, SSL_get_ex_data, const SSL*, int)
FORWARD_0(int, SSL_get_ex_data_X509_STORE_CTX_idx)
FORWARD_1(int, SSL_get_shutdown, const SSL*)
FORWARD_1(SSL_verify_cb, SSL_get_verify_callback, const SSL*)
FORWARD_1(int, SSL_get_verify_mode, const SSL*)
FORWARD_1(SSL*, SSL_new, SSL_CTX*)
FORWARD_3(int, SSL_read, SSL*, void*, int)
FORWARD_6(int, SSL_select_next_proto, unsigned char**, unsigned char*, const unsigned char*,
          unsigned int, const unsigned char*, unsigned int)
FORWARD_3(void, SSL_set_bio, SSL*, BIO*, BIO*)
FORWARD_3(int, SSL_set_ex_data, SSL*, int, void*)
FORWARD_3(void, SSL_set_verify, SSL*, int, SSL_verify_cb)
FORWARD_2(void, SSL_set_verify_depth, SSL*, int)
FORWARD_1(int, SSL_shutdown, SSL*)
FORWARD_3(int, SSL_write, SSL*, const void*, int)
FORWARD_0(const SSL_METHOD*, TLS_client_method)
FORWARD_0(const SSL_METHOD*, TLS_method)
FORWARD_0(const SSL_METHOD*, TLS_server_method)
// NOLINTEND(cppcoreguidelines-macro-usage,readability-identifier-*,bugprone-macro-parentheses)
