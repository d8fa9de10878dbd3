/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-dead-letter-private.h"
#include "ef-enum-types.h"
#include "ef-error.h"

#include <gio/gio.h>
#include <string.h>

/* A dead letter tells of an event that could not be handled. Its columns are those that other engines
 * have too, so that queries over dead letters move between them. */
typedef enum
{
  COLUMN_ORIGINAL_EVENT,
  COLUMN_ERROR_MESSAGE,
  COLUMN_ERROR_TYPE,
  COLUMN_STREAM_NAME,
  COLUMN_TIMESTAMP,
  COLUMN_ATTEMPT_COUNT,
} Column;

/* What the error message of a letter ends with whose original is bytes. The columns are fixed, and
 * there is no other that could say it. */
#define BASE64_NOTE " (originalEvent is base64)"

/**
 * ef_dead_letter_get_schema:
 *
 * The columns of dead letters: `originalEvent`, `errorMessage`, `errorType`, `streamName`, all STRING,
 * `timestamp` LONG and `attemptCount` INT.
 *
 * Returns: (transfer none): the schema
 */
EfSchema *
ef_dead_letter_get_schema (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      EfSchema *schema = ef_schema_parse ("originalEvent STRING, errorMessage STRING, "
                                          "errorType STRING, streamName STRING, "
                                          "timestamp LONG, attemptCount INT",
                                          NULL);

      g_once_init_leave (&once, (gsize) schema);
    }

  return (EfSchema *) once;
}

/* The nick of an error code, if the domain's codes are a registered enumeration. By the custom of
 * GLib, those of the domain “ef-error-quark” are the type “EfError”. */
static const char *
find_code_nick (const char *domain, int code)
{
  g_autoptr (GTypeClass) klass = NULL;
  g_autofree char *name = g_new0 (char, strlen (domain) + 1);
  const GEnumValue *value;
  gboolean upper = TRUE;
  char *out = name;
  GType type;

  g_type_ensure (EF_TYPE_ERROR);
  for (const char *in = domain; *in != '\0'; in++)
    {
      if (*in != '-')
        *out++ = upper ? g_ascii_toupper (*in) : *in;
      upper = *in == '-';
    }

  type = g_str_equal (domain, "g-io-error") ? G_TYPE_IO_ERROR_ENUM : g_type_from_name (name);
  if (!G_TYPE_IS_ENUM (type))
    return NULL;

  klass = g_type_class_ref (type);
  value = g_enum_get_value ((GEnumClass *) klass, code);

  return value != NULL ? value->value_nick : NULL;
}

/* What kind of error it is: the domain and the code, as in “ef-error/data”. */
static char *
dup_error_type (const GError *error)
{
  g_autofree char *domain = g_strdup (g_quark_to_string (error->domain));
  const char *nick;

  if (g_str_has_suffix (domain, "-quark"))
    domain[strlen (domain) - strlen ("-quark")] = '\0';

  nick = find_code_nick (domain, error->code);
  if (nick == NULL)
    return g_strdup_printf ("%s/%d", domain, error->code);

  return g_strdup_printf ("%s/%s", domain, nick);
}

/* Text as it came, other bytes in base64, and what has columns of its own as JSON. Returns what there
 * is to be said of it. */
static const char *
set_original (EfEventBuilder *builder, EfEvent *event)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  if (ef_schema_is_payload (ef_event_get_schema (event)))
    {
      const char *data = ef_event_peek_data (event, 0, &length);

      if (data != NULL && g_utf8_validate_len (data, length, NULL))
        {
          ef_event_builder_set_string (builder, COLUMN_ORIGINAL_EVENT, data, (gssize) length);
          return "";
        }
      text = g_base64_encode ((const guchar *) data, length);
    }
  else
    {
      text = ef_event_to_json (event);
    }

  ef_event_builder_set_string (builder, COLUMN_ORIGINAL_EVENT, text, -1);

  return ef_schema_is_payload (ef_event_get_schema (event)) ? BASE64_NOTE : "";
}

/* @now is the time of the failure in microseconds; the column has milliseconds. */
EfEvent *
ef_dead_letter_build (EfEventBuilder *builder,
                      EfEvent *event,
                      const GError *error,
                      const char *stream,
                      guint n_attempts,
                      gint64 now)
{
  g_autofree char *type = dup_error_type (error);
  g_autofree char *message = NULL;

  ef_event_builder_begin (builder, now);
  message = g_strconcat (error->message, set_original (builder, event), NULL);
  ef_event_builder_set_string (builder, COLUMN_ERROR_MESSAGE, message, -1);
  ef_event_builder_set_string (builder, COLUMN_ERROR_TYPE, type, -1);
  ef_event_builder_set_string (builder, COLUMN_STREAM_NAME, stream, -1);
  ef_event_builder_set_int64 (builder, COLUMN_TIMESTAMP, now / 1000);
  ef_event_builder_set_int64 (builder, COLUMN_ATTEMPT_COUNT, n_attempts);

  return ef_event_builder_end (builder);
}

const char *
ef_dead_letter_peek_original (EfEvent *letter, gsize *length)
{
  return ef_event_peek_data (letter, COLUMN_ORIGINAL_EVENT, length);
}

char *
ef_dead_letter_dup_message (EfEvent *letter)
{
  return ef_event_dup_string (letter, COLUMN_ERROR_MESSAGE);
}

/* The bytes that a text is the base64 of, NULL if it is none. */
static GBytes *
decode_base64 (const char *text, gsize length)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  g_autofree char *copy = g_strndup (text, length);
  gsize n_digits = strspn (copy, digits);
  guchar *bytes;
  gsize size;

  if (length % 4 != 0 || strlen (copy) != length || length - n_digits > 2
      || strspn (copy + n_digits, "=") != length - n_digits)
    return NULL;
  if (length == 0)
    return g_bytes_new (NULL, 0);

  bytes = g_base64_decode (copy, &size);

  return g_bytes_new_take (bytes, size);
}

static gboolean
is_base64 (EfEvent *letter)
{
  int column = ef_schema_find_column (ef_event_get_schema (letter), "errorMessage");
  g_autofree char *message = NULL;

  if (column >= 0)
    message = ef_event_dup_string (letter, (guint) column);

  return message != NULL && g_str_has_suffix (message, BASE64_NOTE);
}

/**
 * ef_dead_letter_get_original:
 * @letter: a dead letter, or an event with at least its columns `originalEvent` and `errorMessage`
 * @error: return location for an error
 *
 * Makes the message again that a dead letter tells of: a text, or bytes if the original was no UTF-8.
 * That of an event with columns is its text as JSON.
 *
 * Returns: (transfer full): a raw message with the timestamp of @letter, or %NULL with %EF_ERROR_DATA if
 *   @letter is no dead letter
 */
EfEvent *
ef_dead_letter_get_original (EfEvent *letter, GError **error)
{
  gint64 timestamp;
  g_autoptr (GBytes) bytes = NULL;
  const char *text = NULL;
  gsize length = 0;
  int column;

  g_return_val_if_fail (letter != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  timestamp = ef_event_get_timestamp (letter);
  column = ef_schema_find_column (ef_event_get_schema (letter), "originalEvent");
  if (column >= 0)
    text = ef_event_peek_data (letter, (guint) column, &length);
  if (text == NULL)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_DATA,
                           column < 0
                             ? "this is no dead letter: it has no column “originalEvent”"
                             : "the dead letter has no “originalEvent”");
      return NULL;
    }

  if (is_base64 (letter))
    bytes = decode_base64 (text, length);

  return bytes != NULL ? ef_event_new_bytes (timestamp, bytes)
                       : ef_event_new_text (timestamp, text, (gssize) length);
}
