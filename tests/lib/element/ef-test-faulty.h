/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_TEST_FAULTY (ef_test_faulty_get_type ())

/* A transform that passes texts on, and can not handle those that it was told of. */
G_DECLARE_FINAL_TYPE (EfTestFaulty, ef_test_faulty, EF, TEST_FAULTY, EfTransform)

EfTestFaulty *ef_test_faulty_new (void);

/* The next @n_times that @text comes it fails with a copy of @error. */
void ef_test_faulty_fail (EfTestFaulty *self, const char *text, guint n_times, const GError *error);

/* How many times it was given @text. */
guint ef_test_faulty_get_n_seen (EfTestFaulty *self, const char *text);

/* Calls the operation that is tried again, with what it fails with so many times. */
gboolean ef_test_faulty_operate (EfTestFaulty *self, guint n_failures, const GError *error);

guint ef_test_faulty_get_n_operations (EfTestFaulty *self);

G_END_DECLS
