/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "fuzz.h"
#include "json-oracle.h"

/* Any bytes as the values of an event: what is written must be JSON that reads back as the event. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  json_oracle_check_encoding (data, size);
  return 0;
}
