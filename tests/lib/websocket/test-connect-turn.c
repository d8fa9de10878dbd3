/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-connect-turn-private.h"
#include "ef-test-loop.h"

/* Who connects when many want to. */

#define MANY (3 * EF_CONNECT_TURNS)

typedef struct
{
  EfConnectTurn *turns[MANY];
  guint n_called;
  guint order[MANY];
} Fixture;

typedef struct
{
  Fixture *fixture;
  guint index;
} Who;

static void
called (gpointer user_data)
{
  Who *who = user_data;

  who->fixture->order[who->fixture->n_called++] = who->index;
}

static void
take_all (Fixture *fixture, Who *who)
{
  for (guint i = 0; i < MANY; i++)
    {
      who[i] = (Who){ fixture, i };
      fixture->turns[i]
        = ef_connect_turn_new (i % 2 == 0 ? "Server.example" : "server.example", 80,
                               g_main_context_default (), called, &who[i]);
    }
}

static void
end (Fixture *fixture, guint index)
{
  g_clear_pointer (&fixture->turns[index], ef_connect_turn_free);
}

/* No more than so many at a time, in the order in which they came. */
static void
test_order (void)
{
  Fixture fixture = { 0 };
  Who who[MANY];

  take_all (&fixture, who);
  g_assert_cmpuint (fixture.n_called, ==, 0);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.n_called, ==, EF_CONNECT_TURNS);

  for (guint i = 0; i < MANY; i++)
    {
      end (&fixture, i);
      ef_test_drain (NULL);
      g_assert_cmpuint (fixture.n_called, ==, MIN (MANY, EF_CONNECT_TURNS + i + 1));
    }
  for (guint i = 0; i < MANY; i++)
    g_assert_cmpuint (fixture.order[i], ==, i);
}

/* Who gives up is not called, be it before its turn has come or between that and the call. */
static void
test_given_up (void)
{
  Fixture fixture = { 0 };
  Who who[MANY];

  take_all (&fixture, who);
  ef_test_drain (NULL);
  end (&fixture, EF_CONNECT_TURNS);
  end (&fixture, 0);
  end (&fixture, EF_CONNECT_TURNS + 1);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.n_called, ==, EF_CONNECT_TURNS + 1);
  g_assert_cmpuint (fixture.order[EF_CONNECT_TURNS], ==, EF_CONNECT_TURNS + 2);

  for (guint i = MANY; i-- > 0;)
    if (fixture.turns[i] != NULL)
      end (&fixture, i);
  ef_test_drain (NULL);
  g_assert_cmpuint (fixture.n_called, ==, EF_CONNECT_TURNS + 1);
}

/* Another server, another port, and another context do not wait. */
static void
test_apart (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Fixture fixture = { 0 };
  Fixture others = { 0 };
  Who who[MANY];
  Who other[3] = { { &others, 0 }, { &others, 1 }, { &others, 2 } };

  take_all (&fixture, who);
  others.turns[0]
    = ef_connect_turn_new ("other.example", 80, g_main_context_default (), called, &other[0]);
  others.turns[1]
    = ef_connect_turn_new ("server.example", 81, g_main_context_default (), called, &other[1]);
  others.turns[2] = ef_connect_turn_new ("server.example", 80, context, called, &other[2]);
  ef_test_drain (NULL);
  ef_test_drain (context);
  g_assert_cmpuint (others.n_called, ==, 3);

  for (guint i = 0; i < 3; i++)
    end (&others, i);
  for (guint i = MANY; i-- > 0;)
    end (&fixture, i);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/connect-turn/order", test_order);
  g_test_add_func ("/connect-turn/given-up", test_given_up);
  g_test_add_func ("/connect-turn/apart", test_apart);

  return g_test_run ();
}
