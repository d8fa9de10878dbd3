/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-layout.h"

#include <string.h>

#include "ef-json-template.h"

#define STEP 16

/* Collects the texts of a layout; they are found by their offsets until all are there. */
typedef struct
{
  GString *texts;
  GArray *pieces;
} Draft;

static void
add_piece (Draft *draft, gsize start, gint column, gboolean in_string)
{
  EfJsonPiece piece = { .column = column, .in_string = in_string };

  piece.text = GSIZE_TO_POINTER (start);
  piece.length = (guint) (draft->texts->len - start);
  g_array_append_val (draft->pieces, piece);
  g_string_set_size (draft->texts, draft->texts->len + STEP);
}

static void
append_name (GString *text, const char *name)
{
  gsize start = text->len, length = strlen (name);
  char *end;

  g_string_set_size (text, start + ef_json_string_room (name, length));
  end = ef_json_write_string (text->str + start, name, length);
  g_string_set_size (text, (gsize) (end - text->str));
}

/* An object with the names of the columns: the texts are `{"a":`, `,"b":` and `}`. */
static void
draft_object (Draft *draft, EfSchema *schema)
{
  gsize start = 0;

  for (guint i = 0; i < ef_schema_get_n_columns (schema); i++)
    {
      start = draft->texts->len;
      g_string_append_c (draft->texts, i == 0 ? '{' : ',');
      append_name (draft->texts, ef_schema_get_column_name (schema, i));
      g_string_append_c (draft->texts, ':');
      add_piece (draft, start, (gint) i, FALSE);
    }

  start = draft->texts->len;
  g_string_append_c (draft->texts, '}');
  add_piece (draft, start, -1, FALSE);
}

static gboolean
draft_template (Draft *draft, EfSchema *schema, const char *template_text, GError **error)
{
  g_autoptr (GArray) stretches = ef_json_template_parse (template_text, error);

  if (stretches == NULL)
    return FALSE;

  for (guint i = 0; i < stretches->len; i++)
    {
      EfJsonStretch *stretch = &g_array_index (stretches, EfJsonStretch, i);
      gint column = stretch->column != NULL ? ef_schema_find_column (schema, stretch->column) : -1;
      gsize start = draft->texts->len;

      if (stretch->column != NULL && column < 0)
        {
          g_autofree char *columns = ef_schema_to_string (schema);

          g_set_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY,
                       "property “template”: the events have no column “%s”, but %s", stretch->column,
                       columns);
          return FALSE;
        }

      g_string_append (draft->texts, stretch->text);
      add_piece (draft, start, column, stretch->in_string);
    }

  return TRUE;
}

/* Whether @template_text can be the template of some schema. */
gboolean
ef_json_layout_check_template (const char *template_text, GError **error)
{
  g_autoptr (GArray) stretches = ef_json_template_parse (template_text, error);

  return stretches != NULL;
}

/* Lays out how events of @schema are written: as @template_text says, or as an object. */
EfJsonLayout *
ef_json_layout_new (EfSchema *schema, const char *template_text, GError **error)
{
  Draft draft = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (EfJsonPiece)) };
  EfJsonLayout *self;

  if (template_text == NULL)
    {
      draft_object (&draft, schema);
    }
  else if (!draft_template (&draft, schema, template_text, error))
    {
      g_string_free (draft.texts, TRUE);
      g_array_unref (draft.pieces);
      return NULL;
    }

  self = g_new0 (EfJsonLayout, 1);
  self->schema = ef_schema_ref (schema);
  self->n_pieces = draft.pieces->len;
  self->room = draft.texts->len + self->n_pieces * EF_JSON_NUMBER_MAX;
  self->texts = g_string_free (draft.texts, FALSE);
  self->pieces = (EfJsonPiece *) (gpointer) g_array_free (draft.pieces, FALSE);
  for (guint i = 0; i < self->n_pieces; i++)
    self->pieces[i].text = self->texts + GPOINTER_TO_SIZE (self->pieces[i].text);

  return self;
}

void
ef_json_layout_free (EfJsonLayout *self)
{
  ef_schema_unref (self->schema);
  g_free (self->pieces);
  g_free (self->texts);
  g_free (self);
}

/* Up to here the room that the texts of an event take at worst is good enough. */
#define SHORT_TEXTS 512

static gsize
get_value_room (const EfValue *value)
{
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      return ef_json_string_room (value->v_data, value->length);
    case EF_COLUMN_BYTES:
      return EF_JSON_BASE64_MAX (value->length);
    case EF_COLUMN_NULL:
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
    case EF_COLUMN_BOOL:
    case EF_COLUMN_ANY:
    default:
      return 0;
    }
}

G_NO_INLINE static gsize
get_exact_room (const EfJsonLayout *self, const EfValue *values)
{
  gsize room = self->room;

  for (guint i = 0; i + 1 < self->n_pieces; i++)
    room += get_value_room (&values[self->pieces[i].column]);

  return room;
}

/* How much room ef_json_layout_write() asks for. Nothing takes more than six times its length and what
 * `room` has for each value, so for an event of short texts their lengths need only be added up, whatever
 * their types: 35 instructions for three values, where looking at each took 87. */
gsize
ef_json_layout_get_room (const EfJsonLayout *self, const EfValue *values)
{
  gsize length = 0;

  for (guint i = 0; i + 1 < self->n_pieces; i++)
    length += values[self->pieces[i].column].length;

  return G_LIKELY (length <= SHORT_TEXTS) ? self->room + 6 * length : get_exact_room (self, values);
}

G_NO_INLINE static char *
write_other_value (char *out, const EfValue *value)
{
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_STRING:
      return ef_json_write_string (out, value->v_data, value->length);
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
      return ef_json_write_int64 (out, value->v_int);
    case EF_COLUMN_FLOAT:
      return ef_json_write_float (out, (float) value->v_double);
    case EF_COLUMN_DOUBLE:
      return ef_json_write_double (out, value->v_double);
    case EF_COLUMN_BOOL:
      memcpy (out, value->v_int != 0 ? "true\0" : "false", 5);
      return out + (value->v_int != 0 ? 4 : 5);
    case EF_COLUMN_BYTES:
      return ef_json_write_base64 (out, value->v_data, value->length);
    case EF_COLUMN_JSON:
      memcpy (out, value->v_data, value->length);
      return out + value->length;
    case EF_COLUMN_NULL:
    case EF_COLUMN_ANY:
    default:
      memcpy (out, "null", 4);
      return out + 4;
    }
}

/* Texts and whole numbers, which most values are, without the jump through a table. */
static inline char *
write_value (char *out, const EfValue *value)
{
  if (value->type == EF_COLUMN_STRING)
    return ef_json_write_string (out, value->v_data, value->length);
  if (value->type == EF_COLUMN_LONG)
    return ef_json_write_int64 (out, value->v_int);

  return write_other_value (out, value);
}

/* A value within a string: its text, escaped; nothing for NULL. The writers bring quotes of their own:
 * the first one falls on the byte before, which is put back, the last one is dropped. */
G_NO_INLINE static char *
write_value_in_string (char *out, const EfValue *value)
{
  char before = out[-1];
  char *end;

  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      end = ef_json_write_string (out - 1, value->v_data, value->length) - 1;
      break;
    case EF_COLUMN_BYTES:
      end = ef_json_write_base64 (out - 1, value->v_data, value->length) - 1;
      break;
    case EF_COLUMN_NULL:
      return out;
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
    case EF_COLUMN_BOOL:
    case EF_COLUMN_ANY:
    default:
      return write_value (out, value);
    }

  out[-1] = before;

  return end;
}

/* In steps of a fixed size, which are moves and no call. Most texts are one step: a name and five signs. */
static inline char *
write_text (char *out, const EfJsonPiece *piece)
{
  memcpy (out, piece->text, STEP);
  if (G_UNLIKELY (piece->length > STEP))
    for (guint k = STEP; k < piece->length; k += STEP)
      memcpy (out + k, piece->text + k, STEP);

  return out + piece->length;
}

/* Writes an event and returns where it ends. */
char *
ef_json_layout_write (const EfJsonLayout *self, const EfValue *values, char *out)
{
  const EfJsonPiece *piece = self->pieces, *last = piece + self->n_pieces - 1;

  for (; piece < last; piece++)
    {
      out = write_text (out, piece);
      if (G_UNLIKELY (piece->in_string))
        out = write_value_in_string (out, &values[piece->column]);
      else
        out = write_value (out, &values[piece->column]);
    }

  return write_text (out, last);
}
