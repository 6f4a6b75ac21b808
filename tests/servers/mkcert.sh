#!/bin/sh
# mkcert.sh DIR: a throw-away authority, and certificates for localhost: a good one, one that ends in ten days, an expired
# one, one for another host. Writes DIR/{ca,server,ending,expired,wronghost}.{crt,key}; needs the openssl command only.
set -eu
dir=$1
mkdir -p "$dir"
umask 077

openssl ecparam -name prime256v1 -genkey -noout -out "$dir/ca.key"   # 10 ms, where RSA-2048 takes 200
openssl req -x509 -new -key "$dir/ca.key" -sha256 -days 3650 -subj "/CN=inboxbot test CA" \
  -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out "$dir/ca.crt"

leaf() { # NAME SUBJECT_ALT_NAME DAYS
  openssl ecparam -name prime256v1 -genkey -noout -out "$dir/$1.key"
  openssl req -new -key "$dir/$1.key" -subj "/CN=$1" -out "$dir/$1.csr"
  cat >"$dir/$1.ext" <<EXT
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=$2
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
EXT
  openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -sha256 -days "$3" \
    -extfile "$dir/$1.ext" -out "$dir/$1.crt" 2>/dev/null
  rm -f "$dir/$1.csr" "$dir/$1.ext"
}
leaf server    DNS:localhost,IP:127.0.0.1 3650
leaf wronghost DNS:mail.invalid           3650
leaf ending    DNS:localhost,IP:127.0.0.1 10
leaf expired   DNS:localhost,IP:127.0.0.1 -1
chmod 644 "$dir"/*.crt
