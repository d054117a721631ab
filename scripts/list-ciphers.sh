#!/bin/bash
# Lists what a TLS server speaks, by asking it for one protocol and one cipher at a time with openssl.
# scripts/list-ciphers.sh HOST:PORT
set -u
address=${1:?usage: scripts/list-ciphers.sh HOST:PORT}

# Security level 0: this client offers what is long broken, to see whether the server takes it.
ask() { openssl s_client -connect "$address" "$@" </dev/null 2>/dev/null | grep -oE 'Cipher is [A-Z0-9_-]+' | cut -d' ' -f3; }

for protocol in ssl3 tls1 tls1_1; do
    taken=$(ask "-$protocol" -cipher 'ALL:@SECLEVEL=0')
    [ -z "$taken" ] || [ "$taken" = 0000 ] && taken="refused"
    echo "$protocol: $taken"
done
echo "tls1_2:"
for cipher in $(openssl ciphers -s -tls1_2 'ALL:COMPLEMENTOFALL:@SECLEVEL=0' | tr ':' ' '); do
    [ "$(ask -tls1_2 -cipher "$cipher:@SECLEVEL=0")" = "$cipher" ] && echo "  $cipher"
done
echo "tls1_3:"
for cipher in TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_CCM_SHA256 TLS_AES_128_CCM_8_SHA256; do
    [ "$(ask -tls1_3 -ciphersuites "$cipher")" = "$cipher" ] && echo "  $cipher"
done
exit 0
