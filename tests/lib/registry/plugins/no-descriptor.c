/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

_EF_EXTERN int some_other_function (void);

int
some_other_function (void)
{
  return 42;
}
