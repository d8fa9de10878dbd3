/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A folder of the test's own. */
char *ef_test_folder_new (void);

void ef_test_folder_remove (char *folder);

char *ef_test_file_read (const char *path);

void ef_test_file_write (const char *path, const char *text);

/* Permissions mean nothing to root: between these two calls the process is someone else. */
void ef_test_drop_privileges (void);

void ef_test_regain_privileges (void);

G_END_DECLS
