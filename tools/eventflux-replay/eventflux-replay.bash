# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash

# Completes options, the file, and the elements of the description behind it.

_eventflux_replay()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} i n_words=0

    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -?* ]] || n_words=$((n_words + 1))
    done

    if [[ $n_words -eq 0 && $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--help --stream= --type= --quiet --print-pipeline
            --version -s -t -q' -- "$current")
    elif [[ $n_words -eq 0 ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    elif [[ $n_words -eq 1 || $previous == '!' ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(eventflux-inspect 2>/dev/null |
            sed -n -E 's/^  ([a-z0-9-]+)  .*/\1/p')" -- "$current")
    fi
}

complete -F _eventflux_replay eventflux-replay
