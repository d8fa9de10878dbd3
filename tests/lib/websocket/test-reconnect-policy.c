/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-error.h"
#include "ef-reconnect-policy-private.h"
#include "ef-web-socket-error.h"

#include <string.h>

typedef struct
{
  EfWebSocketError code;
  guint status;
  guint close_code;
  const char *at_first;
  const char *later;
} Case;

#define W(code) EF_WEB_SOCKET_ERROR_##code

static const Case builtin[] = {
  { W (RESOLVE), 0, 0, "next-url", "next-url" },
  { W (REFUSED), 0, 0, "next-url", "next-url" },
  { W (UNREACHABLE), 0, 0, "next-url", "next-url" },
  { W (TIMED_OUT), 0, 0, "next-url", "next-url" },
  { W (PROXY), 0, 0, "retry", "retry" },
  { W (PROXY), 407, 0, "refresh-credentials", "refresh-credentials" },
  { W (TLS), 0, 0, "give-up", "retry" },
  { W (HANDSHAKE), 101, 0, "give-up", "retry" },
  { W (HANDSHAKE), 200, 0, "give-up", "retry" },
  { W (HANDSHAKE), 302, 0, "give-up", "retry" },
  { W (SUBPROTOCOL), 101, 0, "give-up", "retry" },
  { W (FAILED), 0, 0, "retry", "retry" },
  { W (RESET), 0, 0, "retry", "retry" },
  { W (UNAUTHORIZED), 401, 0, "refresh-credentials", "refresh-credentials" },
  { W (UNAUTHORIZED), 403, 0, "refresh-credentials", "refresh-credentials" },
  { W (NOT_FOUND), 404, 0, "give-up", "retry" },
  { W (NOT_FOUND), 410, 0, "give-up", "retry" },
  { W (HANDSHAKE), 400, 0, "give-up", "retry" },
  { W (UNAVAILABLE), 408, 0, "retry", "retry" },
  { W (UNAVAILABLE), 429, 0, "slow-down", "slow-down" },
  { W (UNAVAILABLE), 500, 0, "next-url", "next-url" },
  { W (UNAVAILABLE), 503, 0, "next-url", "next-url" },
  { W (TIMED_OUT), 0, 1006, "next-url", "next-url" },
  { W (RESET), 0, 1006, "retry", "retry" },
  { W (CLOSED), 0, 1000, "retry", "retry" },
  { W (CLOSED), 0, 1001, "retry", "retry" },
  { W (PROTOCOL), 0, 1002, "retry", "retry" },
  { W (CLOSED), 0, 1003, "give-up", "give-up" },
  { W (CLOSED), 0, 1005, "retry", "retry" },
  { W (INVALID_UTF8), 0, 1007, "retry", "retry" },
  { W (CLOSED), 0, 1008, "retry", "retry" },
  { W (TOO_BIG), 0, 1009, "give-up", "give-up" },
  { W (CLOSED), 0, 1010, "give-up", "give-up" },
  { W (CLOSED), 0, 1011, "retry", "retry" },
  { W (CLOSED), 0, 1012, "retry", "retry" },
  { W (CLOSED), 0, 1013, "slow-down", "slow-down" },
  { W (CLOSED), 0, 1014, "next-url", "next-url" },
  { W (CLOSED), 0, 1015, "give-up", "retry" },
  { W (CLOSED), 0, 3000, "refresh-credentials", "refresh-credentials" },
  { W (CLOSED), 0, 3003, "refresh-credentials", "refresh-credentials" },
  { W (CLOSED), 0, 3999, "retry", "retry" },
  { W (CLOSED), 0, 4000, "retry", "retry" },
  { W (CLOSED), 0, 4999, "retry", "retry" },
};

static void
assert_chosen (EfReconnectPolicy *policy, const Case *item)
{
  g_autoptr (GError) error = g_error_new_literal (EF_WEB_SOCKET_ERROR, (gint) item->code, "");
  EfReconnectFailure failure = {
    .error = error,
    .status = item->status,
    .close_code = item->close_code,
  };

  g_test_message ("error %d, status %u, close code %u", item->code, item->status,
                  item->close_code);
  g_assert_cmpstr (ef_reconnect_action_to_string (ef_reconnect_policy_choose (policy, &failure,
                                                                              FALSE)),
                   ==, item->at_first);
  g_assert_cmpstr (ef_reconnect_action_to_string (ef_reconnect_policy_choose (policy, &failure,
                                                                              TRUE)),
                   ==, item->later);
}

static void
test_builtin (void)
{
  static const char *const none[] = { NULL, "", "  " };

  for (guint k = 0; k < G_N_ELEMENTS (none); k++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EfReconnectPolicy) policy = ef_reconnect_policy_new (none[k], &error);

      g_assert_no_error (error);
      for (guint i = 0; i < G_N_ELEMENTS (builtin); i++)
        assert_chosen (policy, &builtin[i]);
    }
}

static void
test_rules (void)
{
  static const Case cases[] = {
    { W (UNAUTHORIZED), 401, 0, "retry", "retry" },
    { W (UNAUTHORIZED), 403, 0, "slow-down", "slow-down" }, /* 4xx, behind it */
    { W (UNAVAILABLE), 503, 0, "give-up", "give-up" },
    { W (CLOSED), 0, 1008, "give-up", "give-up" },
    { W (CLOSED), 0, 4003, "next-url", "next-url" },
    { W (CLOSED), 0, 4099, "next-url", "next-url" },
    { W (CLOSED), 0, 4100, "retry", "retry" },
    { W (RESOLVE), 0, 0, "give-up", "give-up" },
    { W (TIMED_OUT), 0, 1006, "retry", "retry" },     /* silent */
    { W (RESET), 0, 1006, "slow-down", "slow-down" }, /* 1006 */
    { W (TIMED_OUT), 0, 0, "give-up", "give-up" },
    { W (HANDSHAKE), 200, 0, "next-url", "next-url" },
    { W (REFUSED), 0, 0, "next-url", "next-url" }, /* built in */
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (EfReconnectPolicy) policy = NULL;

  policy = ef_reconnect_policy_new ("401=refresh-credentials, 4xx = slow-down ,401=retry,5xx=give-up,"
                                    "1008=give-up, 4000-4099=next-url, DNS=Give-Up, silent=retry, "
                                    "1006=slow-down, timeout=give-up, handshake=next-url,", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_chosen (policy, &cases[i]);
}

static void
test_mistakes (void)
{
  static const struct
  {
    const char *text;
    int at;
    const char *part;
  } cases[] = {
    { "401", 4, "a cause, “=” and what to do" },
    { "401=retry 403=retry", 5, "none of retry" },
    { "401=", 5, "“” is none of" },
    { "=retry", 1, "a cause, “=”" },
    { "401=retry,,", 11, "a cause, “=”" },
    { "401=giveup", 5, "did you mean “give-up”?" },
    { "1008=retry, 401=refresh", 17, "did you mean “refresh-credentials”?" },
    { "refusd=retry", 1, "did you mean “refused”?" },
    { "1016=retry", 1, "nor a close code" },
    { "2000=retry", 1, "nor a close code" },
    { "1=retry", 1, "nor a close code" },
    { "99999=retry", 1, "nor a close code" },
    { "401-=retry", 1, "nor a close code" },
    { "410-401=retry", 1, "nor a close code" },
    { "4x=retry", 1, "nor a close code" },
    { "ÄÖ=retry, 401=x", 1, "is no cause" },
    { "dns=retry, ÄÖ=retry", 12, "is no cause" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *place = g_strdup_printf ("at character %d: ", cases[i].at);
      g_autoptr (GError) error = NULL;

      g_assert_null (ef_reconnect_policy_new (cases[i].text, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
      g_assert_true (g_str_has_prefix (error->message, "property “reconnect-policy”: "));
      g_assert_nonnull (strstr (error->message, place));
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reconnect-policy/builtin", test_builtin);
  g_test_add_func ("/reconnect-policy/rules", test_rules);
  g_test_add_func ("/reconnect-policy/mistakes", test_mistakes);

  return g_test_run ();
}
