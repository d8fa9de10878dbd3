/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Tells the thread sanitizer of GLib's locks.
 *
 * GLib has locks of its own on top of futexes and is not built with the sanitizer, so that data which
 * a GMutex guards looks like a race. This library is preloaded into the tests of a sanitizer build,
 * stands before GLib's functions, and reports what they order. In a process without the sanitizer,
 * such as a test peer, it does nothing.
 *
 * Where it can not tell exactly what is ordered, it orders more: what was done before any source was
 * attached or woken is ordered before what any thread does after poll(). A race between such
 * threads may go unseen; none is seen that is not there.
 */

#include <dlfcn.h>
#include <gio/gio.h>
#include <poll.h>
#include <pthread.h>

/* From the sanitizer's runtime, if there is one: see sanitizer/tsan_interface.h */
enum
{
  TSAN_MUTEX_LINKER_INIT = 1 << 0,
  TSAN_MUTEX_WRITE_REENTRANT = 1 << 1,
  TSAN_MUTEX_READ_LOCK = 1 << 3,
  TSAN_MUTEX_TRY_LOCK = 1 << 4,
  TSAN_MUTEX_TRY_LOCK_FAILED = 1 << 5,
};

#define WEAK __attribute__ ((weak))

void __tsan_acquire (void *address) WEAK;
void __tsan_release (void *address) WEAK;
void __tsan_mutex_pre_lock (void *address, unsigned flags) WEAK;
void __tsan_mutex_post_lock (void *address, unsigned flags, int recursion) WEAK;
int __tsan_mutex_pre_unlock (void *address, unsigned flags) WEAK;
void __tsan_mutex_post_unlock (void *address, unsigned flags) WEAK;
void __tsan_mutex_destroy (void *address, unsigned flags) WEAK;

/* Calls the function that this library stands before. */
#define REAL(name) \
  ({ \
    static __typeof__ (&name) real_; \
\
    if (real_ == NULL) \
      real_ = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name); \
    real_; \
  })

static char woken;
static pthread_mutex_t attaching = PTHREAD_MUTEX_INITIALIZER;

static void
acquire (gconstpointer address)
{
  if (__tsan_acquire != NULL)
    __tsan_acquire ((void *) address);
}

static void
release (gconstpointer address)
{
  if (__tsan_release != NULL)
    __tsan_release ((void *) address);
}

static void
pre_lock (void *lock, unsigned flags)
{
  if (__tsan_mutex_pre_lock != NULL)
    __tsan_mutex_pre_lock (lock, TSAN_MUTEX_LINKER_INIT | flags);
}

static void
post_lock (void *lock, unsigned flags)
{
  if (__tsan_mutex_post_lock != NULL)
    __tsan_mutex_post_lock (lock, TSAN_MUTEX_LINKER_INIT | flags, 0);
}

static void
pre_unlock (void *lock, unsigned flags)
{
  if (__tsan_mutex_pre_unlock != NULL)
    __tsan_mutex_pre_unlock (lock, TSAN_MUTEX_LINKER_INIT | flags);
}

static void
post_unlock (void *lock, unsigned flags)
{
  if (__tsan_mutex_post_unlock != NULL)
    __tsan_mutex_post_unlock (lock, TSAN_MUTEX_LINKER_INIT | flags);
}

static void
destroy (void *lock)
{
  if (__tsan_mutex_destroy != NULL)
    __tsan_mutex_destroy (lock, TSAN_MUTEX_LINKER_INIT);
}

#define LOCK(Type, name, flags) \
  void name (Type *lock) \
  { \
    pre_lock (lock, (flags)); \
    REAL (name) (lock); \
    post_lock (lock, (flags)); \
  }

#define TRY_LOCK(Type, name, flags) \
  gboolean name (Type *lock) \
  { \
    gboolean locked; \
\
    pre_lock (lock, (flags) | TSAN_MUTEX_TRY_LOCK); \
    locked = REAL (name) (lock); \
    post_lock (lock, (flags) | TSAN_MUTEX_TRY_LOCK | (locked ? 0 : TSAN_MUTEX_TRY_LOCK_FAILED)); \
    return locked; \
  }

#define UNLOCK(Type, name, flags) \
  void name (Type *lock) \
  { \
    pre_unlock (lock, (flags)); \
    REAL (name) (lock); \
    post_unlock (lock, (flags)); \
  }

#define CLEAR(Type, name) \
  void name (Type *lock) \
  { \
    destroy (lock); \
    REAL (name) (lock); \
  }

LOCK (GMutex, g_mutex_lock, 0)
TRY_LOCK (GMutex, g_mutex_trylock, 0)
UNLOCK (GMutex, g_mutex_unlock, 0)
CLEAR (GMutex, g_mutex_clear)

LOCK (GRecMutex, g_rec_mutex_lock, TSAN_MUTEX_WRITE_REENTRANT)
TRY_LOCK (GRecMutex, g_rec_mutex_trylock, TSAN_MUTEX_WRITE_REENTRANT)
UNLOCK (GRecMutex, g_rec_mutex_unlock, TSAN_MUTEX_WRITE_REENTRANT)
CLEAR (GRecMutex, g_rec_mutex_clear)

LOCK (GRWLock, g_rw_lock_writer_lock, 0)
TRY_LOCK (GRWLock, g_rw_lock_writer_trylock, 0)
UNLOCK (GRWLock, g_rw_lock_writer_unlock, 0)
LOCK (GRWLock, g_rw_lock_reader_lock, TSAN_MUTEX_READ_LOCK)
TRY_LOCK (GRWLock, g_rw_lock_reader_trylock, TSAN_MUTEX_READ_LOCK)
UNLOCK (GRWLock, g_rw_lock_reader_unlock, TSAN_MUTEX_READ_LOCK)
CLEAR (GRWLock, g_rw_lock_clear)

/* A wait gives the mutex up and takes it back. */
void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  pre_unlock (mutex, 0);
  post_unlock (mutex, 0);
  pre_lock (mutex, 0);
  REAL (g_cond_wait) (cond, mutex);
  post_lock (mutex, 0);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  pre_unlock (mutex, 0);
  post_unlock (mutex, 0);
  pre_lock (mutex, 0);
  signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  post_lock (mutex, 0);

  return signalled;
}

#undef g_once_init_enter
gboolean
g_once_init_enter (volatile void *location)
{
  gboolean enter = REAL (g_once_init_enter) (location);

  acquire ((gconstpointer) location);

  return enter;
}

#undef g_once_init_leave
void
g_once_init_leave (volatile void *location, gsize result)
{
  release ((gconstpointer) location);
  REAL (g_once_init_leave) (location, result);
}

/* Whoever drops the last reference comes after all who dropped theirs before. */
#define REF(Type, Pointer, name) \
  Type name (Pointer object) \
  { \
    release (object); \
    return REAL (name) (object); \
  }

#define UNREF(Pointer, name) \
  void name (Pointer object) \
  { \
    release (object); \
    acquire (object); \
    REAL (name) (object); \
  }

UNREF (gpointer, g_object_unref)
UNREF (GBytes *, g_bytes_unref)
UNREF (GSource *, g_source_unref)
UNREF (GMainContext *, g_main_context_unref)
UNREF (GPtrArray *, g_ptr_array_unref)
UNREF (GHashTable *, g_hash_table_unref)
UNREF (GVariant *, g_variant_unref)
UNREF (gpointer, g_atomic_rc_box_release)

#undef g_object_ref
REF (gpointer, gpointer, g_object_ref)

gboolean
(g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  gboolean last;

  release ((gconstpointer) count);
  last = REAL (g_atomic_ref_count_dec) (count);
  acquire ((gconstpointer) count);

  return last;
}

void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  release (queue);
  REAL (g_async_queue_push) (queue, data);
}

#define POP(name) \
  gpointer name (GAsyncQueue *queue) \
  { \
    gpointer data = REAL (name) (queue); \
\
    acquire (queue); \
    return data; \
  }

POP (g_async_queue_pop)
POP (g_async_queue_try_pop)

/* What reaches another thread through its main context. A thread may come upon a source that was
 * attached after its poll() had returned, so each call of a source's functions comes after what was
 * done before any source was attached. */

typedef struct
{
  GSourceFuncs funcs; /* the source has these */
  GSourceFuncs *real;
} WrappedFuncs;

static gboolean
prepare_source (GSource *source, int *timeout)
{
  acquire (&woken);

  return ((WrappedFuncs *) source->source_funcs)->real->prepare (source, timeout);
}

static gboolean
check_source (GSource *source)
{
  acquire (&woken);

  return ((WrappedFuncs *) source->source_funcs)->real->check (source);
}

static void
acquire_woken (void)
{
  pthread_mutex_lock (&attaching);
  acquire (&woken);
  pthread_mutex_unlock (&attaching);
}

static gboolean
dispatch_source (GSource *source, GSourceFunc callback, gpointer user_data)
{
  acquire_woken ();

  return ((WrappedFuncs *) source->source_funcs)->real->dispatch (source, callback, user_data);
}

/* Lives for ever, as the functions of a kind of source do. */
static GSourceFuncs *
wrap_funcs (GSourceFuncs *real)
{
  static GMutex lock;
  static GHashTable *wrapped;
  WrappedFuncs *self;

  REAL (g_mutex_lock) (&lock);
  if (wrapped == NULL)
    wrapped = g_hash_table_new (NULL, NULL);
  self = g_hash_table_lookup (wrapped, real);
  if (self == NULL)
    {
      self = g_new0 (WrappedFuncs, 1);
      self->funcs = *real;
      self->funcs.prepare = real->prepare != NULL ? prepare_source : NULL;
      self->funcs.check = real->check != NULL ? check_source : NULL;
      self->funcs.dispatch = dispatch_source;
      self->real = real;
      g_hash_table_insert (wrapped, real, self);
    }
  REAL (g_mutex_unlock) (&lock);

  return &self->funcs;
}

GSource *
g_source_new (GSourceFuncs *funcs, guint size)
{
  return REAL (g_source_new) (wrap_funcs (funcs), size);
}

/* GLib makes its own kinds without a symbol, but their functions are there for all to use. */
static gboolean (*real_idle_dispatch) (GSource *, GSourceFunc, gpointer);
static gboolean (*real_timeout_dispatch) (GSource *, GSourceFunc, gpointer);

static gboolean
dispatch_idle (GSource *source, GSourceFunc callback, gpointer user_data)
{
  acquire_woken ();

  return real_idle_dispatch (source, callback, user_data);
}

static gboolean
dispatch_timeout (GSource *source, GSourceFunc callback, gpointer user_data)
{
  acquire_woken ();

  return real_timeout_dispatch (source, callback, user_data);
}

__attribute__ ((constructor)) static void
wrap_kinds_of_glib (void)
{
  real_idle_dispatch = g_idle_funcs.dispatch;
  real_timeout_dispatch = g_timeout_funcs.dispatch;
  g_idle_funcs.dispatch = dispatch_idle;
  g_timeout_funcs.dispatch = dispatch_timeout;
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  guint id;

  /* What attaching allocates the thread of the context may free before this one has told of it: so that
   * thread waits until it has. */
  pthread_mutex_lock (&attaching);
  id = REAL (g_source_attach) (source, context);
  release (&woken);
  pthread_mutex_unlock (&attaching);

  return id;
}

void
g_source_set_ready_time (GSource *source, gint64 ready_time)
{
  release (&woken);
  REAL (g_source_set_ready_time) (source, ready_time);
}

void
g_source_destroy (GSource *source)
{
  release (&woken);
  REAL (g_source_destroy) (source);
}

void
g_main_context_wakeup (GMainContext *context)
{
  release (&woken);
  REAL (g_main_context_wakeup) (context);
}

void
g_main_context_invoke_full (GMainContext *context,
                            int priority,
                            GSourceFunc function,
                            gpointer data,
                            GDestroyNotify notify)
{
  release (&woken);
  REAL (g_main_context_invoke_full) (context, priority, function, data, notify);
}

void
g_main_context_invoke (GMainContext *context, GSourceFunc function, gpointer data)
{
  release (&woken);
  REAL (g_main_context_invoke) (context, function, data);
}

guint
g_idle_add_full (int priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  release (&woken);

  return REAL (g_idle_add_full) (priority, function, data, notify);
}

guint
g_idle_add (GSourceFunc function, gpointer data)
{
  release (&woken);

  return REAL (g_idle_add) (function, data);
}

guint
g_idle_add_once (GSourceOnceFunc function, gpointer data)
{
  release (&woken);

  return REAL (g_idle_add_once) (function, data);
}

int
poll (struct pollfd *fds, nfds_t n_fds, int timeout)
{
  int n_ready = REAL (poll) (fds, n_fds, timeout);

  acquire_woken ();

  return n_ready;
}
