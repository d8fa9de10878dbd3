#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make the certificates that tests of wss:// meet, good ones and bad ones.

usage: make-certificates.py OPENSSL FOLDER

Writes NAME.pem and NAME-key.pem into FOLDER:
  ca           the authority that a test trusts
  good         signed by it, for 127.0.0.1, ::1 and localhost
  wrong-host   signed by it, for another host
  expired      signed by it, for the right hosts, in 2020
  self-signed  for the right hosts, signed by itself
They are made anew for each build folder, so that none is ever in the way of the calendar.
"""
import os
import subprocess
import sys
import tempfile

HERE = "IP:127.0.0.1,IP:::1,DNS:localhost"
ELSEWHERE = "DNS:elsewhere.example"
START, END = "20200101000000Z", "20991231235959Z"
LONG_AGO = "20200102000000Z"

CONFIG = """
[ca]
default_ca = authority
[authority]
dir = {work}
database = {work}/index
serial = {work}/serial
new_certs_dir = {work}
default_md = sha256
policy = anything
unique_subject = no
copy_extensions = none
[anything]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[authority-extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server-extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {hosts}
"""


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)


def make(openssl, folder, work, name, hosts=HERE, end=END, authority="ca"):
    """Make one certificate, signed by the authority, or by itself if that is its own name."""
    config, request = os.path.join(work, "config"), os.path.join(work, "request")
    key, certificate = (os.path.join(folder, name + suffix) for suffix in ("-key.pem", ".pem"))
    extensions = "authority-extensions" if name == "ca" else "server-extensions"
    with open(config, "w", encoding="ascii") as file:
        file.write(CONFIG.format(work=work, name="EventFlux test " + name, hosts=hosts))

    run(openssl, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-out", key)
    run(openssl, "req", "-new", "-config", config, "-key", key, "-out", request)
    signer = ["-selfsign", "-keyfile", key] if authority == name else [
        "-cert", os.path.join(folder, authority + ".pem"),
        "-keyfile", os.path.join(folder, authority + "-key.pem")]
    run(openssl, "ca", "-batch", "-notext", "-config", config, "-in", request, "-out", certificate,
        "-startdate", START, "-enddate", end, "-extensions", extensions, *signer)


def main():
    openssl, folder = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        open(os.path.join(work, "index"), "w", encoding="ascii").close()
        with open(os.path.join(work, "serial"), "w", encoding="ascii") as serial:
            serial.write("01\n")
        try:
            make(openssl, folder, work, "ca", authority="ca")
            make(openssl, folder, work, "good")
            make(openssl, folder, work, "wrong-host", hosts=ELSEWHERE)
            make(openssl, folder, work, "expired", end=LONG_AGO)
            make(openssl, folder, work, "self-signed", authority="self-signed")
        except subprocess.CalledProcessError as error:
            sys.exit(f"{' '.join(error.cmd)}:\n{error.stderr.decode()}")


if __name__ == "__main__":
    main()
