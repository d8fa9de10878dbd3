// SPDX-FileCopyrightText: 2026 The EventFlux authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Go's gorilla/websocket as its documentation shows it. Arguments: MODE URL COUNT SIZE.
package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

type clock struct {
	wall time.Time
	cpu  time.Duration
}

func startClock() clock {
	return clock{time.Now(), cpuNow()}
}

func cpuNow() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func (c clock) fields(messages, size int) string {
	return fmt.Sprintf(`"messages": %d, "bytes": %d, "seconds": %.6f, "cpu": %.6f`,
		messages, messages*size, time.Since(c.wall).Seconds(), (cpuNow() - c.cpu).Seconds())
}

func (c clock) report(messages, size int) {
	fmt.Printf("{%s}\n", c.fields(messages, size))
}

func (c clock) reportLatency(times []time.Duration, size int) {
	fields := c.fields(len(times), size)
	slices.Sort(times)
	at := func(percent int) float64 {
		return float64(times[(len(times)-1)*percent/100].Nanoseconds()) / 1e3
	}
	fmt.Printf("{%s, \"p50_us\": %.3f, \"p99_us\": %.3f}\n", fields, at(50), at(99))
}

func read(conn *websocket.Conn) []byte {
	_, message, err := conn.ReadMessage()
	if err != nil {
		log.Fatal(err)
	}
	return message
}

func write(conn *websocket.Conn, payload []byte) {
	if err := conn.WriteMessage(websocket.TextMessage, payload); err != nil {
		log.Fatal(err)
	}
}

func receive(conn *websocket.Conn, count, size int) {
	c := startClock()
	for range count {
		read(conn)
	}
	c.report(count, size)
}

func send(conn *websocket.Conn, count, size int) {
	payload := bytes.Repeat([]byte{'x'}, size)
	c := startClock()
	for range count {
		write(conn, payload)
	}
	read(conn)
	c.report(count, size)
}

func echo(conn *websocket.Conn, count, size int) {
	payload := bytes.Repeat([]byte{'x'}, size)
	times := make([]time.Duration, 0, count)
	warmUp := count / 10
	c := startClock()
	for i := range warmUp + count {
		if i == warmUp {
			c = startClock()
		}
		start := time.Now()
		write(conn, payload)
		read(conn)
		if i >= warmUp {
			times = append(times, time.Since(start))
		}
	}
	c.reportLatency(times, size)
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return n
}

func main() {
	modes := map[string]func(*websocket.Conn, int, int){
		"receive": receive, "send": send, "echo": echo,
	}
	if len(os.Args) != 5 || modes[os.Args[1]] == nil {
		log.Fatal("usage: receive|send|echo URL COUNT SIZE")
	}

	// The bench made the certificate itself.
	dialer := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	conn, _, err := dialer.Dial(os.Args[2], nil)
	if err != nil {
		log.Fatal(err)
	}
	modes[os.Args[1]](conn, number(os.Args[3]), number(os.Args[4]))
}
