/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "ef-pipeline-sql.h"
#include "ef-sql-application-private.h"
#include "fuzz.h"

/* Tokens lie one behind the other within the text; an application parses, or says where it does not. */

static void
walk (const char *text, gsize size)
{
  EfSqlToken token = { .kind = EF_SQL_TOKEN_SYMBOL };

  while (token.kind != EF_SQL_TOKEN_END)
    {
      gsize end = token.offset + token.length;

      ef_sql_token_next (text, end, &token);
      g_assert_cmpuint (token.offset, >=, end);
      g_assert_cmpuint (token.offset + token.length, <=, size);
      g_assert_true (token.length > 0 || token.kind == EF_SQL_TOKEN_END);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (EfSqlApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  walk (text, strlen (text));
  ef_pipeline_text_is_sql (text);
  application = ef_sql_application_parse (text, &error);
  g_assert_true ((application == NULL) == (error != NULL));

  return 0;
}
