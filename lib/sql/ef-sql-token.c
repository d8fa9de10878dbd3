/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-token.h"

#include <string.h>

static gboolean
begins_word (char c)
{
  return g_ascii_isalpha (c) || c == '_' || ((guchar) c & 0x80) != 0;
}

static gboolean
continues_word (char c)
{
  return begins_word (c) || g_ascii_isdigit (c) || c == '$';
}

/* Where the text goes on behind blanks and comments. Of a comment without an end, its start. */
static const char *
skip_blanks (const char *p)
{
  for (;;)
    {
      p += strspn (p, " \t\r\n\f\v");

      if (p[0] == '-' && p[1] == '-')
        p += strcspn (p, "\n");
      else if (p[0] == '/' && p[1] == '*')
        {
          const char *end = strstr (p + 2, "*/");

          if (end == NULL)
            return p;
          p = end + 2;
        }
      else
        return p;
    }
}

/* Behind the closing quote, a doubled one standing for itself; NULL if there is none. */
static const char *
skip_quoted (const char *p, char quote)
{
  for (; *p != '\0'; p++)
    if (*p == quote && *++p != quote)
      return p;

  return NULL;
}

static const char *
skip_number (const char *p)
{
  if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && g_ascii_isxdigit (p[2]))
    {
      for (p += 2; g_ascii_isxdigit (*p);)
        p++;
      return p;
    }

  p += strspn (p, "0123456789");
  if (*p == '.')
    p += 1 + strspn (p + 1, "0123456789");

  if ((*p == 'e' || *p == 'E') &&
      (g_ascii_isdigit (p[1]) || ((p[1] == '+' || p[1] == '-') && g_ascii_isdigit (p[2]))))
    p += 2 + strspn (p + 2, "0123456789");

  return p;
}

static const char *
skip_word (const char *p)
{
  while (continues_word (*p))
    p++;

  return p;
}

static const char *
scan_quoted (const char *p, EfSqlTokenKind kind, char quote, EfSqlToken *token)
{
  const char *end = skip_quoted (p, quote);

  token->kind = end != NULL ? kind : EF_SQL_TOKEN_UNFINISHED;

  return end != NULL ? end : p + strlen (p);
}

static const char *
scan (const char *p, EfSqlToken *token)
{
  switch (*p)
    {
    case '\0':
      token->kind = EF_SQL_TOKEN_END;
      return p;
    case '\'':
      return scan_quoted (p + 1, EF_SQL_TOKEN_STRING, '\'', token);
    case '"':
    case '`':
      return scan_quoted (p + 1, EF_SQL_TOKEN_NAME, *p, token);
    case '[':
      return scan_quoted (p + 1, EF_SQL_TOKEN_NAME, ']', token);
    default:
      break;
    }

  if ((*p == 'x' || *p == 'X') && p[1] == '\'')
    return scan_quoted (p + 2, EF_SQL_TOKEN_BLOB, '\'', token);

  if (p[0] == '/' && p[1] == '*')
    {
      token->kind = EF_SQL_TOKEN_UNFINISHED;
      return p + strlen (p);
    }

  if (begins_word (*p))
    {
      token->kind = EF_SQL_TOKEN_WORD;
      return skip_word (p);
    }

  if (g_ascii_isdigit (*p) || (*p == '.' && g_ascii_isdigit (p[1])))
    {
      token->kind = EF_SQL_TOKEN_NUMBER;
      return skip_number (p);
    }

  if (*p == '?' || ((*p == ':' || *p == '$') && begins_word (p[1])))
    {
      token->kind = EF_SQL_TOKEN_VARIABLE;
      return skip_word (p + 1);
    }

  token->kind = EF_SQL_TOKEN_SYMBOL;
  return p + 1;
}

/**
 * ef_sql_token_next: (skip)
 * @text: SQL, UTF-8
 * @offset: where to begin, in bytes
 * @token: (out): return location for the token
 *
 * Gets the token at or behind a place in a text, past blanks and comments. The next one begins at
 * its offset plus its length.
 */
void
ef_sql_token_next (const char *text, gsize offset, EfSqlToken *token)
{
  const char *start, *end;

  g_return_if_fail (text != NULL);
  g_return_if_fail (token != NULL);

  start = skip_blanks (text + offset);
  end = scan (start, token);
  token->offset = (gsize) (start - text);
  token->length = (gsize) (end - start);
}

/**
 * ef_sql_token_is_word: (skip)
 * @token: a token
 * @text: the text that it is of
 * @word: a keyword
 *
 * Whether a token is a keyword, in upper or lower case. What is quoted is none.
 *
 * Returns: %TRUE if it is
 */
gboolean
ef_sql_token_is_word (const EfSqlToken *token, const char *text, const char *word)
{
  g_return_val_if_fail (token != NULL, FALSE);

  return token->kind == EF_SQL_TOKEN_WORD && strlen (word) == token->length &&
         g_ascii_strncasecmp (text + token->offset, word, token->length) == 0;
}

/**
 * ef_sql_token_is_symbol: (skip)
 * @token: a token
 * @text: the text that it is of
 * @symbol: a character
 *
 * Whether a token is the symbol.
 *
 * Returns: %TRUE if it is
 */
gboolean
ef_sql_token_is_symbol (const EfSqlToken *token, const char *text, char symbol)
{
  g_return_val_if_fail (token != NULL, FALSE);

  return token->kind == EF_SQL_TOKEN_SYMBOL && text[token->offset] == symbol;
}

/**
 * ef_sql_token_is_name: (skip)
 * @token: a token
 * @text: the text that it is of
 * @name: a name, without quotes
 *
 * Whether a token names something, quoted or not. As SQL has it, upper and lower case are the same.
 *
 * Returns: %TRUE if it does
 */
gboolean
ef_sql_token_is_name (const EfSqlToken *token, const char *text, const char *name)
{
  g_autofree char *value = NULL;

  g_return_val_if_fail (token != NULL, FALSE);

  if (token->kind == EF_SQL_TOKEN_WORD)
    return ef_sql_token_is_word (token, text, name);

  if (token->kind != EF_SQL_TOKEN_NAME)
    return FALSE;
  value = ef_sql_token_dup_value (token, text);

  return g_ascii_strcasecmp (value, name) == 0;
}

/**
 * ef_sql_token_dup_value: (skip)
 * @token: a token
 * @text: the text that it is of
 *
 * What a token stands for: of a quoted one, what is within the quotes, otherwise the token as it
 * is.
 *
 * Returns: (transfer full): the text
 */
char *
ef_sql_token_dup_value (const EfSqlToken *token, const char *text)
{
  g_autoptr (GString) value = NULL;
  char quote;

  g_return_val_if_fail (token != NULL, NULL);

  if (token->kind != EF_SQL_TOKEN_NAME && token->kind != EF_SQL_TOKEN_STRING)
    return g_strndup (text + token->offset, token->length);

  value = g_string_sized_new (token->length);
  quote = text[token->offset + token->length - 1];
  for (gsize i = 1; i + 1 < token->length; i++)
    {
      g_string_append_c (value, text[token->offset + i]);
      if (text[token->offset + i] == quote)
        i++;
    }

  return g_string_free (g_steal_pointer (&value), FALSE);
}
