/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_TEST_OPTIONS (ef_test_options_get_type ())

/* A sink with a property of each type that can be given as text. */
G_DECLARE_FINAL_TYPE (EfTestOptions, ef_test_options, EF, TEST_OPTIONS, EfSink)

EfElement *ef_test_options_new (void);

G_END_DECLS
