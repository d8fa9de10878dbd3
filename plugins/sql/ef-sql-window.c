/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-window.h"

#include <string.h>

/* The rows of a window, and when it closes. It knows neither SQL nor clocks: it is told the time.
 *
 * A row belongs to the time that it has itself: the event's, or that of one of its columns. Windows
 * by the events' own time close when the clock says so or when a row from behind the end comes,
 * whichever is first; a row that comes after that, having been under way, joins the window that is
 * open. A column's time is not that of any clock: such windows close by rows alone, and a row whose
 * window is closed is given back. */
struct _EfSqlWindow
{
  EfSqlWindowSpec spec;
  gint column; /* that has the time, or the order; -1 without one */
  guint max_rows;
  EfSqlWindowFunc callback;
  gpointer user_data;

  EfEvent **rows;
  guint first; /* rows before it are gone */
  guint end;
  guint allocated;

  gint64 next_end; /* of a hopping window that is open, or of the one to open next */
  gint64 earliest; /* of the rows of a session */
  gint64 latest;   /* of all rows so far */
  guint64 n_late;
};

#define LONG_AGO G_MININT64

EfSqlWindow *
ef_sql_window_new (const EfSqlWindowSpec *spec,
                   gint column,
                   guint max_rows,
                   EfSqlWindowFunc callback,
                   gpointer user_data)
{
  EfSqlWindow *self = g_new0 (EfSqlWindow, 1);

  self->spec = *spec;
  self->column = column;
  self->max_rows = max_rows;
  self->callback = callback;
  self->user_data = user_data;
  self->next_end = LONG_AGO;
  self->latest = LONG_AGO;

  return self;
}

guint
ef_sql_window_get_n_rows (EfSqlWindow *self)
{
  return self->end - self->first;
}

/* Rows that came after a later one. */
guint64
ef_sql_window_get_n_late (EfSqlWindow *self)
{
  return self->n_late;
}

static void
drop_first (EfSqlWindow *self)
{
  ef_event_unref (self->rows[self->first++]);
}

static void
drop_all (EfSqlWindow *self)
{
  while (self->first < self->end)
    drop_first (self);
  self->first = self->end = 0;
}

void
ef_sql_window_free (EfSqlWindow *self)
{
  drop_all (self);
  g_free (self->rows);
  g_free (self);
}

static void
append (EfSqlWindow *self, EfEvent *event)
{
  /* The place of rows that are gone is used again once it is half of all. */
  if (self->end == self->allocated && self->first >= self->allocated / 2 && self->first > 0)
    {
      memmove (self->rows, self->rows + self->first,
               (self->end - self->first) * sizeof *self->rows);
      self->end -= self->first;
      self->first = 0;
    }

  if (self->end == self->allocated)
    {
      self->allocated = MAX (64, self->allocated * 2);
      self->rows = g_renew (EfEvent *, self->rows, self->allocated);
    }

  self->rows[self->end++] = ef_event_ref (event);
}

static gint64
get_time (EfSqlWindow *self, EfEvent *event)
{
  if (self->column < 0 || self->spec.kind == EF_SQL_WINDOW_SORT)
    return ef_event_get_timestamp (event);

  return CLAMP (ef_event_get_int64 (event, (guint) self->column), G_MININT64 / 4000,
                G_MAXINT64 / 4000) *
         1000;
}

static void
answer (EfSqlWindow *self, gint64 start, gint64 end)
{
  if (self->end > self->first)
    self->callback (self->rows + self->first, self->end - self->first, start, end, self->user_data);
}

/* Hopping and tumbling */

/* The first multiple of the slide behind a time. */
static gint64
get_boundary (EfSqlWindow *self, gint64 time)
{
  gint64 slide = self->spec.slide;
  gint64 quotient = time / slide - (time % slide < 0 ? 1 : 0);

  return (quotient + 1) * slide;
}

static void
drop_before (EfSqlWindow *self, gint64 time)
{
  guint kept = self->first;

  for (guint i = self->first; i < self->end; i++)
    {
      if (get_time (self, self->rows[i]) < time)
        ef_event_unref (self->rows[i]);
      else
        self->rows[kept++] = self->rows[i];
    }
  self->end = kept;
  if (self->first == self->end)
    self->first = self->end = 0;
}

static void
close_hop (EfSqlWindow *self)
{
  answer (self, self->next_end - self->spec.size, self->next_end);
  self->next_end += self->spec.slide;
  drop_before (self, self->next_end - self->spec.size);
}

static void
advance_hops (EfSqlWindow *self, gint64 now)
{
  while (self->first < self->end && now >= self->next_end)
    close_hop (self);
}

static EfSqlWindowResult
add_to_hop (EfSqlWindow *self, EfEvent *event, gint64 time)
{
  advance_hops (self, time);
  if (self->first == self->end && (self->next_end == LONG_AGO || time >= self->next_end))
    self->next_end = get_boundary (self, time);

  if (time < self->next_end - self->spec.size && self->column >= 0)
    return EF_SQL_WINDOW_LATE;
  if (ef_sql_window_get_n_rows (self) >= self->max_rows)
    return EF_SQL_WINDOW_FULL;
  append (self, event);

  return EF_SQL_WINDOW_ADDED;
}

/* Sessions */

static void
advance_session (EfSqlWindow *self, gint64 now)
{
  if (self->first == self->end || now - self->latest < self->spec.size)
    return;

  answer (self, self->earliest, self->latest + self->spec.size);
  drop_all (self);
}

static EfSqlWindowResult
add_to_session (EfSqlWindow *self, EfEvent *event, gint64 time)
{
  advance_session (self, time);
  if (ef_sql_window_get_n_rows (self) >= self->max_rows)
    return EF_SQL_WINDOW_FULL;

  self->earliest = self->first == self->end ? time : MIN (self->earliest, time);
  append (self, event);

  return EF_SQL_WINDOW_ADDED;
}

/* Numbers of rows */

static void
answer_length (EfSqlWindow *self)
{
  answer (self, get_time (self, self->rows[self->first]),
          get_time (self, self->rows[self->end - 1]));
}

static void
add_to_length (EfSqlWindow *self, EfEvent *event)
{
  append (self, event);
  if (ef_sql_window_get_n_rows (self) > self->spec.size)
    drop_first (self);
  answer_length (self);
}

static void
add_to_length_batch (EfSqlWindow *self, EfEvent *event)
{
  append (self, event);
  if (ef_sql_window_get_n_rows (self) < self->spec.size)
    return;

  answer_length (self);
  drop_all (self);
}

/* The time before each row */

static EfSqlWindowResult
add_to_time (EfSqlWindow *self, EfEvent *event, gint64 time, gint64 latest)
{
  if (self->column >= 0 && time <= latest - self->spec.size)
    return EF_SQL_WINDOW_LATE;

  drop_before (self, latest - self->spec.size + 1);
  if (ef_sql_window_get_n_rows (self) >= self->max_rows)
    return EF_SQL_WINDOW_FULL;

  append (self, event);
  answer (self, latest - self->spec.size, latest);

  return EF_SQL_WINDOW_ADDED;
}

/* The first rows in some order */

/* NULL stands before numbers, and numbers before texts and bytes, as in SQLite. */
static int
get_class (const EfValue *value)
{
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_NULL:
    case EF_COLUMN_ANY:
      return 0;
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_BOOL:
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      return 1;
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      return 2;
    case EF_COLUMN_BYTES:
    default:
      return 3;
    }
}

static double
get_number (const EfValue *value)
{
  return value->type == EF_COLUMN_FLOAT || value->type == EF_COLUMN_DOUBLE ? value->v_double
                                                                           : (double) value->v_int;
}

static int
compare_numbers (const EfValue *a, const EfValue *b)
{
  gboolean are_integers = a->type != EF_COLUMN_FLOAT && a->type != EF_COLUMN_DOUBLE &&
                          b->type != EF_COLUMN_FLOAT && b->type != EF_COLUMN_DOUBLE;
  double x, y;

  if (are_integers)
    return (a->v_int > b->v_int) - (a->v_int < b->v_int);
  x = get_number (a);
  y = get_number (b);

  return (x > y) - (x < y);
}

static int
compare_values (const EfValue *a, const EfValue *b)
{
  int difference = get_class (a) - get_class (b);

  if (difference != 0 || get_class (a) == 0)
    return difference;
  if (get_class (a) == 1)
    return compare_numbers (a, b);

  difference = memcmp (a->v_data, b->v_data, MIN (a->length, b->length));

  return difference != 0 ? difference : (a->length > b->length) - (a->length < b->length);
}

/* Where a row belongs: behind all those that do not come after it. */
static guint
find_place (EfSqlWindow *self, EfEvent *event)
{
  const EfValue *value = &ef_event_peek_values (event)[self->column];
  guint low = self->first, high = self->end;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = compare_values (&ef_event_peek_values (self->rows[middle])[self->column], value);

      if (self->spec.descending ? order >= 0 : order <= 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
add_to_sort (EfSqlWindow *self, EfEvent *event, gint64 time)
{
  guint place = find_place (self, event) - self->first;

  append (self, event);
  place += self->first;
  memmove (self->rows + place + 1, self->rows + place,
           (self->end - 1 - place) * sizeof *self->rows);
  self->rows[place] = event;
  if (ef_sql_window_get_n_rows (self) > self->spec.size)
    ef_event_unref (self->rows[--self->end]);

  answer (self, time, time);
}

/* Rows one by one, some time later */

static void
advance_delay (EfSqlWindow *self, gint64 now)
{
  while (self->first < self->end &&
         now - self->spec.size >= get_time (self, self->rows[self->first]))
    {
      gint64 time = get_time (self, self->rows[self->first]);

      self->callback (self->rows + self->first, 1, time, time + self->spec.size, self->user_data);
      drop_first (self);
    }
}

static EfSqlWindowResult
add_to_delay (EfSqlWindow *self, EfEvent *event, gint64 time)
{
  advance_delay (self, time);
  if (ef_sql_window_get_n_rows (self) >= self->max_rows)
    return EF_SQL_WINDOW_FULL;
  append (self, event);

  return EF_SQL_WINDOW_ADDED;
}

/* All kinds */

/* Adds a row, and answers for what thereby closes. */
EfSqlWindowResult
ef_sql_window_add (EfSqlWindow *self, EfEvent *event)
{
  gint64 time, before = self->latest;
  EfSqlWindowResult result = EF_SQL_WINDOW_ADDED;

  if (self->column >= 0 && self->spec.kind != EF_SQL_WINDOW_SORT &&
      ef_event_is_null (event, (guint) self->column))
    return EF_SQL_WINDOW_NO_TIME;

  time = get_time (self, event);
  switch (self->spec.kind)
    {
    case EF_SQL_WINDOW_HOPPING:
      result = add_to_hop (self, event, time);
      break;
    case EF_SQL_WINDOW_SESSION:
      result = add_to_session (self, event, time);
      break;
    case EF_SQL_WINDOW_LENGTH:
      add_to_length (self, event);
      break;
    case EF_SQL_WINDOW_LENGTH_BATCH:
      add_to_length_batch (self, event);
      break;
    case EF_SQL_WINDOW_SORT:
      add_to_sort (self, event, time);
      break;
    case EF_SQL_WINDOW_DELAY:
      result = add_to_delay (self, event, time);
      break;
    case EF_SQL_WINDOW_TIME:
    default:
      result = add_to_time (self, event, time, MAX (time, before));
      break;
    }

  if (time < before)
    self->n_late++;
  self->latest = MAX (before, time);

  return result;
}

/* Answers for what has closed by the clock. */
void
ef_sql_window_advance (EfSqlWindow *self, gint64 now)
{
  if (self->column >= 0)
    return;

  if (self->spec.kind == EF_SQL_WINDOW_HOPPING)
    advance_hops (self, now);
  else if (self->spec.kind == EF_SQL_WINDOW_SESSION)
    advance_session (self, now);
  else if (self->spec.kind == EF_SQL_WINDOW_DELAY)
    advance_delay (self, now);
}

/* When the clock closes a window the next time. */
gint64
ef_sql_window_get_due (EfSqlWindow *self)
{
  if (self->column >= 0 || self->first == self->end)
    return EF_SQL_WINDOW_NEVER;
  if (self->spec.kind == EF_SQL_WINDOW_HOPPING)
    return self->next_end;
  if (self->spec.kind == EF_SQL_WINDOW_DELAY)
    return get_time (self, self->rows[self->first]) + self->spec.size;

  return self->spec.kind == EF_SQL_WINDOW_SESSION ? self->latest + self->spec.size
                                                  : EF_SQL_WINDOW_NEVER;
}

/* Answers for what is open: nothing comes any more. */
void
ef_sql_window_end (EfSqlWindow *self)
{
  switch (self->spec.kind)
    {
    case EF_SQL_WINDOW_HOPPING:
      while (self->first < self->end)
        close_hop (self);
      break;
    case EF_SQL_WINDOW_SESSION:
      if (self->first < self->end)
        answer (self, self->earliest, self->latest + self->spec.size);
      break;
    case EF_SQL_WINDOW_LENGTH_BATCH:
      if (self->first < self->end)
        answer_length (self);
      break;
    case EF_SQL_WINDOW_DELAY:
      advance_delay (self, G_MAXINT64);
      break;
    case EF_SQL_WINDOW_LENGTH:
    case EF_SQL_WINDOW_TIME:
    case EF_SQL_WINDOW_SORT:
    default:
      break;
    }
  drop_all (self);
}
