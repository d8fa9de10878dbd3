/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "fuzz.h"
#include "json-oracle.h"

/* Any bytes as a message: json-glib must agree with what is made of those that are taken. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  json_oracle_check_decoding ((const char *) data, size);
  return 0;
}
