/* The lower bound for a token with this OpenSSL: load a P-256 key, sign once, print. sign_once KEY.pem */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>

int main(int argc, char** argv) {
  const char input[] =
      "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2F1dGguZXhhbXBsZS5jb20iLCJz"
      "dWIiOiJhbGljZSIsImF1ZCI6Imh0dHBzOi8vaHIuaW50ZXJuYWwiLCJleHAiOjE5MDAwMDAwMDB9";
  unsigned char signature[256], text[400];
  size_t size = sizeof signature;
  FILE* file = argc == 2 ? fopen(argv[1], "r") : NULL;
  EVP_PKEY* key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  if (!key || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
      EVP_DigestSign(context, signature, &size, (const unsigned char*)input, sizeof input - 1) != 1)
    return 1;
  EVP_EncodeBlock(text, signature, (int)size);
  return printf("%s.%s\n", input, text) < 0;
}
