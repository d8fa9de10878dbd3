/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-launch-lexer-private.h"

#include "ef-located-error-private.h"

#include <string.h>

/* Words, quotes and backslashes are those of a POSIX shell. What is added: `!` ends a name, the
 * first unquoted `=` parts a property into key and value, and an unquoted dot in a word that is no
 * property makes it a reference. Within a value, up to the next blank, `!` and `=` are letters as
 * any, as URLs have them. */

/* A word as it is put together. */
typedef struct
{
  GString *buffer;
  /* Where the first unquoted dot of the buffer is, or -1. */
  gssize dot;
  EfTextLocation dot_location;
  gboolean in_value;
} Word;

void
ef_launch_lexer_init (EfLaunchLexer *self, const char *text)
{
  self->text = text;
  self->at = (EfTextLocation){ .line = 1, .column = 1, .offset = 0 };
}

void
ef_launch_token_clear (EfLaunchToken *token)
{
  g_clear_pointer (&token->text, g_free);
  g_clear_pointer (&token->value, g_free);
}

static char
peek (EfLaunchLexer *self)
{
  return self->text[self->at.offset];
}

/* Moves on by a byte, and keeps count of lines and of the characters in them. */
static void
advance (EfLaunchLexer *self)
{
  char c = self->text[self->at.offset++];

  if (c == '\n')
    {
      self->at.line++;
      self->at.column = 1;
    }
  else if (((guchar) self->text[self->at.offset] & 0xc0) != 0x80)
    {
      self->at.column++;
    }
}

static gboolean
fail (EfLaunchLexer *self, const EfTextLocation *location, const char *message, GError **error)
{
  ef_set_located_error (error, EF_ERROR_SYNTAX, self->text, location, "%s", message);

  return FALSE;
}

/* A backslash before the end of a line joins it with the next one. */
static gboolean
skip_joint (EfLaunchLexer *self)
{
  const char *p = self->text + self->at.offset;
  gsize length = g_str_has_prefix (p, "\\\n") ? 2 : g_str_has_prefix (p, "\\\r\n") ? 3 : 0;

  for (gsize i = 0; i < length; i++)
    advance (self);

  return length > 0;
}

static void
skip_blanks (EfLaunchLexer *self)
{
  while (TRUE)
    {
      if (g_ascii_isspace (peek (self)))
        advance (self);
      else if (peek (self) == '#')
        while (peek (self) != '\0' && peek (self) != '\n')
          advance (self);
      else if (!skip_joint (self))
        break;
    }
}

static gboolean
read_single_quoted (EfLaunchLexer *self, Word *word, GError **error)
{
  EfTextLocation start = self->at;

  advance (self);
  for (; peek (self) != '\''; advance (self))
    {
      if (peek (self) == '\0')
        return fail (self, &start, "this quote is not closed: expected “'” behind it", error);
      g_string_append_c (word->buffer, peek (self));
    }
  advance (self);

  return TRUE;
}

static gboolean
read_double_quoted (EfLaunchLexer *self, Word *word, GError **error)
{
  EfTextLocation start = self->at;

  advance (self);
  while (peek (self) != '"')
    {
      if (peek (self) == '\0')
        return fail (self, &start, "this quote is not closed: expected “\"” behind it", error);

      if (skip_joint (self))
        continue;

      /* As in a shell, other backslashes are themselves. */
      if (peek (self) == '\\' && strchr ("\"\\$`", self->text[self->at.offset + 1]) != NULL &&
          self->text[self->at.offset + 1] != '\0')
        advance (self);

      g_string_append_c (word->buffer, peek (self));
      advance (self);
    }
  advance (self);

  return TRUE;
}

static gboolean
read_escaped (EfLaunchLexer *self, Word *word, GError **error)
{
  EfTextLocation start = self->at;

  if (skip_joint (self))
    return TRUE;

  advance (self);
  if (peek (self) == '\0')
    return fail (self, &start, "expected a character behind the backslash", error);

  g_string_append_c (word->buffer, peek (self));
  advance (self);

  return TRUE;
}

static void
begin_value (EfLaunchLexer *self, Word *word, EfLaunchToken *token)
{
  advance (self);
  token->text = g_strdup (word->buffer->str);
  token->value_location = self->at;
  g_string_truncate (word->buffer, 0);
  word->in_value = TRUE;
}

static gboolean
read_character (EfLaunchLexer *self, Word *word, EfLaunchToken *token, GError **error)
{
  char c = peek (self);

  switch (c)
    {
    case '\'':
      return read_single_quoted (self, word, error);
    case '"':
      return read_double_quoted (self, word, error);
    case '\\':
      return read_escaped (self, word, error);
    default:
      break;
    }

  if (c == '=' && !word->in_value)
    {
      begin_value (self, word, token);
      return TRUE;
    }

  if (c == '.' && !word->in_value && word->dot < 0)
    {
      word->dot = (gssize) word->buffer->len;
      word->dot_location = self->at;
    }

  g_string_append_c (word->buffer, c);
  advance (self);

  return TRUE;
}

static gboolean
at_end_of_word (EfLaunchLexer *self, const Word *word)
{
  char c = peek (self);

  return c == '\0' || g_ascii_isspace (c) || (c == '!' && !word->in_value);
}

static gboolean
finish_word (EfLaunchLexer *self, const Word *word, EfLaunchToken *token, GError **error)
{
  const GString *buffer = word->buffer;

  if (word->in_value)
    {
      token->kind = EF_LAUNCH_TOKEN_PROPERTY;
      token->value = g_strdup (buffer->str);
      if (*token->text == '\0')
        return fail (self, &token->location,
                     "expected a property before “=”, as in property=value, without blanks", error);
    }
  else if (word->dot >= 0)
    {
      token->kind = EF_LAUNCH_TOKEN_REFERENCE;
      token->text = g_strndup (buffer->str, (gsize) word->dot);
      token->value = g_strdup (buffer->str + word->dot + 1);
      token->value_location = word->dot_location;
      token->value_location.column++;
      token->value_location.offset++;
      if (*token->text == '\0')
        return fail (self, &token->location, "expected the name of an element before “.”", error);
    }
  else
    {
      token->kind = EF_LAUNCH_TOKEN_NAME;
      token->text = g_strdup (buffer->str);
      if (*token->text == '\0')
        return fail (self, &token->location, "expected an element, found an empty word", error);
    }

  return TRUE;
}

/* Reads the next word into @token, which must be empty. */
gboolean
ef_launch_lexer_next (EfLaunchLexer *self, EfLaunchToken *token, GError **error)
{
  g_autoptr (GString) buffer = NULL;
  Word word = { .dot = -1 };

  skip_blanks (self);
  token->location = self->at;

  if (peek (self) == '\0')
    {
      token->kind = EF_LAUNCH_TOKEN_END;
      return TRUE;
    }

  if (peek (self) == '!')
    {
      token->kind = EF_LAUNCH_TOKEN_LINK;
      advance (self);
      return TRUE;
    }

  word.buffer = buffer = g_string_new (NULL);
  while (!at_end_of_word (self, &word))
    if (!read_character (self, &word, token, error))
      return FALSE;

  return finish_word (self, &word, token, error);
}
