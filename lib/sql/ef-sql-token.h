/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EfSqlTokenKind: (skip)
 * @EF_SQL_TOKEN_END: the end of the text
 * @EF_SQL_TOKEN_WORD: a keyword or a plain name
 * @EF_SQL_TOKEN_NAME: a name within `"…"`, backticks or brackets
 * @EF_SQL_TOKEN_STRING: a text within `'…'`
 * @EF_SQL_TOKEN_BLOB: bytes as `x'…'`
 * @EF_SQL_TOKEN_NUMBER: a number without a sign
 * @EF_SQL_TOKEN_VARIABLE: a parameter such as `?1` or `:name`
 * @EF_SQL_TOKEN_SYMBOL: one character that is none of these
 * @EF_SQL_TOKEN_UNFINISHED: a quote or a comment that does not end
 *
 * What a piece of SQL text is.
 */
typedef enum
{
  EF_SQL_TOKEN_END,
  EF_SQL_TOKEN_WORD,
  EF_SQL_TOKEN_NAME,
  EF_SQL_TOKEN_STRING,
  EF_SQL_TOKEN_BLOB,
  EF_SQL_TOKEN_NUMBER,
  EF_SQL_TOKEN_VARIABLE,
  EF_SQL_TOKEN_SYMBOL,
  EF_SQL_TOKEN_UNFINISHED,
} EfSqlTokenKind;

/**
 * EfSqlToken: (skip)
 * @kind: what it is
 * @offset: where it begins, in bytes
 * @length: how many bytes it has
 *
 * A piece of SQL text.
 */
typedef struct
{
  EfSqlTokenKind kind;
  gsize offset;
  gsize length;
} EfSqlToken;

EF_AVAILABLE_IN_1_0
void ef_sql_token_next (const char *text, gsize offset, EfSqlToken *token);

EF_AVAILABLE_IN_1_0
gboolean ef_sql_token_is_word (const EfSqlToken *token, const char *text, const char *word);

EF_AVAILABLE_IN_1_0
gboolean ef_sql_token_is_symbol (const EfSqlToken *token, const char *text, char symbol);

EF_AVAILABLE_IN_1_0
gboolean ef_sql_token_is_name (const EfSqlToken *token, const char *text, const char *name);

EF_AVAILABLE_IN_1_0
char *ef_sql_token_dup_value (const EfSqlToken *token, const char *text);

G_END_DECLS
