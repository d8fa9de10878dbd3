/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-reconnect-policy-private.h"
#include "ef-suggest-private.h"
#include "ef-web-socket-error.h"

#include <string.h>

/* Causes are numbers: HTTP statuses and close codes are their own, which do not overlap, and what has
 * only a word has a small one. */
enum
{
  CAUSE_NONE,
  CAUSE_DNS,
  CAUSE_REFUSED,
  CAUSE_UNREACHABLE,
  CAUSE_PROXY,
  CAUSE_TIMEOUT,
  CAUSE_TLS,
  CAUSE_HANDSHAKE,
  CAUSE_SUBPROTOCOL,
  CAUSE_NETWORK,
  CAUSE_RESET,
  CAUSE_SILENT,
  N_CAUSES
};

static const char *const cause_words[N_CAUSES + 1] = {
  [CAUSE_NONE] = "",
  [CAUSE_DNS] = "dns",
  [CAUSE_REFUSED] = "refused",
  [CAUSE_UNREACHABLE] = "unreachable",
  [CAUSE_PROXY] = "proxy",
  [CAUSE_TIMEOUT] = "timeout",
  [CAUSE_TLS] = "tls",
  [CAUSE_HANDSHAKE] = "handshake",
  [CAUSE_SUBPROTOCOL] = "subprotocol",
  [CAUSE_NETWORK] = "network",
  [CAUSE_RESET] = "reset",
  [CAUSE_SILENT] = "silent",
};

static const char *const action_words[] = {
  [EF_RECONNECT_RETRY] = "retry",
  [EF_RECONNECT_SLOW_DOWN] = "slow-down",
  [EF_RECONNECT_NEXT_URL] = "next-url",
  [EF_RECONNECT_REFRESH_CREDENTIALS] = "refresh-credentials",
  [EF_RECONNECT_GIVE_UP] = "give-up",
  NULL,
};

typedef struct
{
  guint from;
  guint to;
  EfReconnectAction action;
  EfReconnectAction later; /* once there was a connection */
} Rule;

struct _EfReconnectPolicy
{
  gint ref_count;
  GArray *rules; /* of the user; the later one counts */
};

#define ONE(cause, action) { cause, cause, EF_RECONNECT_##action, EF_RECONNECT_##action }

/* What once worked with this configuration may well work again. */
#define AT_FIRST(from, to) { from, to, EF_RECONNECT_GIVE_UP, EF_RECONNECT_RETRY }

/* The first that fits counts; what is not here is tried again. */
static const Rule builtin_rules[] = {
  ONE (CAUSE_DNS, NEXT_URL),
  ONE (CAUSE_REFUSED, NEXT_URL),
  ONE (CAUSE_UNREACHABLE, NEXT_URL),
  ONE (CAUSE_TIMEOUT, NEXT_URL),
  ONE (CAUSE_SILENT, NEXT_URL),
  AT_FIRST (CAUSE_TLS, CAUSE_TLS),
  AT_FIRST (CAUSE_HANDSHAKE, CAUSE_HANDSHAKE),
  AT_FIRST (CAUSE_SUBPROTOCOL, CAUSE_SUBPROTOCOL),

  ONE (401, REFRESH_CREDENTIALS),
  ONE (403, REFRESH_CREDENTIALS),
  ONE (407, REFRESH_CREDENTIALS),
  ONE (408, RETRY),
  ONE (425, RETRY),
  ONE (429, SLOW_DOWN),
  AT_FIRST (400, 499),
  { 500, 599, EF_RECONNECT_NEXT_URL, EF_RECONNECT_NEXT_URL },

  ONE (1003, GIVE_UP), /* the server takes no data of this kind */
  ONE (1009, GIVE_UP), /* a message is too large, and would be so again */
  ONE (1010, GIVE_UP), /* an extension is missing */
  ONE (1013, SLOW_DOWN),
  ONE (1014, NEXT_URL),
  AT_FIRST (1015, 1015),
  ONE (3000, REFRESH_CREDENTIALS), /* unauthorized */
  ONE (3003, REFRESH_CREDENTIALS), /* forbidden */
};

#undef ONE
#undef AT_FIRST

EfReconnectPolicy *
ef_reconnect_policy_ref (EfReconnectPolicy *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
ef_reconnect_policy_unref (EfReconnectPolicy *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_array_unref (self->rules);
  g_free (self);
}

/* Reading */

static gboolean
fail (GError **error, const char *text, const char *at, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static gboolean
fail (GError **error, const char *text, const char *at, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
               "property “reconnect-policy”: “%s”, at character %ld: %s", text,
               g_utf8_pointer_to_offset (text, at) + 1, why);
  return FALSE;
}

static gboolean
is_cause (guint number)
{
  return (number >= 300 && number <= 599) || (number >= 1000 && number <= 1015)
         || (number >= 3000 && number <= 4999);
}

static gboolean
read_number (const char **p, guint *number)
{
  const char *digits = *p;

  *number = 0;
  while (g_ascii_isdigit (**p) && *p - digits < 5)
    *number = *number * 10 + (guint) (*(*p)++ - '0');

  return *p > digits;
}

/* A status, a close code, `4xx`, `5xx`, or two of the numbers with a dash between. */
static gboolean
parse_numbers (Rule *rule, const char *word, gsize length, const char *text, GError **error)
{
  const char *p = word;
  const char *end = word + length;

  if (length == 3 && (*word == '4' || *word == '5') && strncmp (word + 1, "xx", 2) == 0)
    {
      rule->from = (guint) (*word - '0') * 100;
      rule->to = rule->from + 99;
      return TRUE;
    }

  read_number (&p, &rule->from);
  rule->to = rule->from;
  if (p < end && *p == '-')
    {
      p++;
      read_number (&p, &rule->to);
    }

  if (p != end || !is_cause (rule->from) || !is_cause (rule->to) || rule->from > rule->to)
    return fail (error, text, word,
                 "“%.*s” is neither a status from 300 to 599 nor a close code from 1000 to 1015 or "
                 "3000 to 4999, nor a range of them such as 4000-4999",
                 (int) length, word);

  return TRUE;
}

static gboolean
parse_cause (Rule *rule, const char *start, gsize length, const char *text, GError **error)
{
  g_autofree char *word = g_strndup (start, length);
  g_autofree char *hint = NULL;
  g_autofree char *words = NULL;

  if (g_ascii_isdigit (*start))
    return parse_numbers (rule, start, length, text, error);

  for (guint i = 1; i < N_CAUSES; i++)
    if (g_ascii_strcasecmp (cause_words[i], word) == 0)
      {
        rule->from = rule->to = i;
        return TRUE;
      }

  hint = ef_suggest_hint (word, cause_words + 1);
  words = g_strjoinv (", ", (char **) cause_words + 1);
  return fail (error, text, start,
               "“%s” is no cause: use a status or close code such as 401, 5xx or 1008, or one of "
               "%s%s", word, words, hint);
}

static gboolean
parse_action (Rule *rule, const char *start, gsize length, const char *text, GError **error)
{
  g_autofree char *word = g_strndup (start, length);
  g_autofree char *hint = NULL;
  g_autofree char *words = NULL;

  for (guint i = 0; action_words[i] != NULL; i++)
    if (g_ascii_strcasecmp (action_words[i], word) == 0)
      {
        rule->action = rule->later = (EfReconnectAction) i;
        return TRUE;
      }

  hint = ef_suggest_hint (word, action_words);
  words = g_strjoinv (", ", (char **) action_words);
  return fail (error, text, start, "“%s” is none of %s%s", word, words, hint);
}

/* Takes a word, with the spaces around it, up to one of @ends. */
static const char *
take_word (const char **p, const char *ends, gsize *length)
{
  const char *word;

  while (*p != NULL && **p == ' ')
    (*p)++;
  word = *p;
  *p += strcspn (*p, ends);
  *length = (gsize) (*p - word);
  while (*length > 0 && word[*length - 1] == ' ')
    (*length)--;

  return word;
}

static gboolean
parse_rules (EfReconnectPolicy *self, const char *text, GError **error)
{
  const char *p = text;

  while (p[strspn (p, " ")] != '\0')
    {
      Rule rule = { 0 };
      gsize length;
      const char *word = take_word (&p, "=,", &length);

      if (length == 0 || *p != '=')
        return fail (error, text, length == 0 ? word : p,
                     "a rule is a cause, “=” and what to do, as in “401=give-up, 5xx=next-url”");
      if (!parse_cause (&rule, word, length, text, error))
        return FALSE;

      p++;
      word = take_word (&p, ",", &length);
      if (!parse_action (&rule, word, length, text, error))
        return FALSE;

      g_array_append_val (self->rules, rule);
      if (*p == ',')
        p++;
    }

  return TRUE;
}

/* Reads rules such as “401=give-up, 5xx=next-url”, which come before the built-in ones. @text may be
 * NULL. */
EfReconnectPolicy *
ef_reconnect_policy_new (const char *text, GError **error)
{
  g_autoptr (EfReconnectPolicy) self = g_new0 (EfReconnectPolicy, 1);

  self->ref_count = 1;
  self->rules = g_array_new (FALSE, FALSE, sizeof (Rule));

  if (text != NULL && !parse_rules (self, text, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Choosing */

static guint
get_word (const EfReconnectFailure *failure)
{
  gboolean was_open = failure->close_code != 0;

  switch ((EfWebSocketError) failure->error->code)
    {
    case EF_WEB_SOCKET_ERROR_RESOLVE:
      return CAUSE_DNS;
    case EF_WEB_SOCKET_ERROR_REFUSED:
      return CAUSE_REFUSED;
    case EF_WEB_SOCKET_ERROR_UNREACHABLE:
      return CAUSE_UNREACHABLE;
    case EF_WEB_SOCKET_ERROR_PROXY:
      return CAUSE_PROXY;
    case EF_WEB_SOCKET_ERROR_TIMED_OUT:
      return was_open ? CAUSE_SILENT : CAUSE_TIMEOUT;
    case EF_WEB_SOCKET_ERROR_URL:
    case EF_WEB_SOCKET_ERROR_HANDSHAKE:
      return CAUSE_HANDSHAKE;
    case EF_WEB_SOCKET_ERROR_SUBPROTOCOL:
      return CAUSE_SUBPROTOCOL;
    case EF_WEB_SOCKET_ERROR_TLS:
      return CAUSE_TLS;
    case EF_WEB_SOCKET_ERROR_FAILED:
      return CAUSE_NETWORK;
    case EF_WEB_SOCKET_ERROR_RESET:
      return CAUSE_RESET;
    case EF_WEB_SOCKET_ERROR_UNAUTHORIZED:
    case EF_WEB_SOCKET_ERROR_NOT_FOUND:
    case EF_WEB_SOCKET_ERROR_UNAVAILABLE:
    case EF_WEB_SOCKET_ERROR_PROTOCOL:
    case EF_WEB_SOCKET_ERROR_INVALID_UTF8:
    case EF_WEB_SOCKET_ERROR_TOO_BIG:
    case EF_WEB_SOCKET_ERROR_CLOSED:
    default:
      return CAUSE_NONE;
    }
}

static gboolean
rule_fits (const Rule *rule, guint cause)
{
  return cause != CAUSE_NONE && cause >= rule->from && cause <= rule->to;
}

/* The word says more than 1006, which stands for each of several, and less than a status. */
static const Rule *
find_rule (EfReconnectPolicy *self, const EfReconnectFailure *failure)
{
  guint word = get_word (failure);
  const guint causes[] = { failure->status, word, failure->close_code };

  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    for (guint k = self->rules->len; k > 0; k--)
      {
        const Rule *rule = &g_array_index (self->rules, Rule, k - 1);

        if (rule_fits (rule, causes[i]))
          return rule;
      }

  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    for (guint k = 0; k < G_N_ELEMENTS (builtin_rules); k++)
      if (rule_fits (&builtin_rules[k], causes[i]))
        return &builtin_rules[k];

  return NULL;
}

/* What to do about @failure. @was_connected tells whether this configuration has worked. */
EfReconnectAction
ef_reconnect_policy_choose (EfReconnectPolicy *self,
                            const EfReconnectFailure *failure,
                            gboolean was_connected)
{
  const Rule *rule = find_rule (self, failure);

  if (rule == NULL)
    return EF_RECONNECT_RETRY;

  return was_connected ? rule->later : rule->action;
}

const char *
ef_reconnect_action_to_string (EfReconnectAction action)
{
  return action_words[action];
}
