/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-version.h"

/**
 * ef_get_major_version:
 *
 * The major version of the library that the program runs with.
 *
 * Returns: the major version
 */
guint
ef_get_major_version (void)
{
  return EF_MAJOR_VERSION;
}

/**
 * ef_get_minor_version:
 *
 * The minor version of the library that the program runs with.
 *
 * Returns: the minor version
 */
guint
ef_get_minor_version (void)
{
  return EF_MINOR_VERSION;
}

/**
 * ef_get_micro_version:
 *
 * The micro version of the library that the program runs with.
 *
 * Returns: the micro version
 */
guint
ef_get_micro_version (void)
{
  return EF_MICRO_VERSION;
}
