// Speaks to a running server as any Go program would, by grpc-go. Messages are written by hand, so that no generated code is needed.
//
// usage: grpc_client HOST:PORT [CALLS]
//
// Ends with status 0 and the word "done" if everything was as it should be: above all, if all of it went over one connection. Clients
// in Go send a PING with nearly every answer, which servers have taken for an attack.
package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang/protobuf/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

const (
	dimension = 768
	service   = "/jadevectordb.v1."
)

// Bytes of messages as they are.
type raw struct{}

func (raw) Marshal(v interface{}) ([]byte, error) { return v.([]byte), nil }
func (raw) Unmarshal(data []byte, v interface{}) error {
	*v.(*[]byte) = append([]byte{}, data...)
	return nil
}
func (raw) Name() string { return "proto" }

var asBytes = grpc.ForceCodec(raw{})

// A message under way.
type message struct{ proto.Buffer }

func (m *message) bytes(field uint64, value []byte) *message {
	m.EncodeVarint(field<<3 | 2)
	m.EncodeRawBytes(value)
	return m
}

func (m *message) text(field uint64, value string) *message { return m.bytes(field, []byte(value)) }

func (m *message) number(field, value uint64) *message {
	m.EncodeVarint(field << 3)
	m.EncodeVarint(value)
	return m
}

// The first value of a field of numbers; the messages read here hold what is asked for at their top.
func number(data []byte, field uint64) (uint64, bool) {
	buffer := proto.NewBuffer(data)
	for {
		tag, err := buffer.DecodeVarint()
		if err != nil {
			return 0, false
		}
		switch tag & 7 {
		case 0:
			value, err := buffer.DecodeVarint()
			if err == nil && tag>>3 == field {
				return value, true
			}
		case 1:
			buffer.DecodeFixed64()
		case 2:
			buffer.DecodeRawBytes(false)
		case 5:
			buffer.DecodeFixed32()
		}
	}
}

// How often a field of bytes occurs.
func count(data []byte, field uint64) (n int) {
	buffer := proto.NewBuffer(data)
	for {
		tag, err := buffer.DecodeVarint()
		if err != nil {
			return n
		}
		switch tag & 7 {
		case 0:
			buffer.DecodeVarint()
		case 1:
			buffer.DecodeFixed64()
		case 2:
			buffer.DecodeRawBytes(false)
		case 5:
			buffer.DecodeFixed32()
		}
		if tag>>3 == field {
			n++
		}
	}
}

func values(seed int) []byte {
	packed := make([]byte, 4*dimension)
	for i := 0; i < dimension; i++ {
		binary.LittleEndian.PutUint32(packed[4*i:], math.Float32bits(float32((seed*31+i*17)%1009)/1009))
	}
	return new(message).bytes(2, packed).Bytes()
}

func search(seed int, tag uint64) []byte {
	return new(message).text(1, "docs").bytes(2, values(seed)).number(4, 5).number(11, tag).Bytes()
}

func upsert(first, n int) []byte {
	request := new(message).text(1, "docs")
	for i := first; i < first+n; i++ {
		request.bytes(2, new(message).bytes(1, new(message).number(2, uint64(i)).Bytes()).bytes(2, values(i)).Bytes())
	}
	return request.Bytes()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(ok bool, format string, arguments ...interface{}) {
	if !ok {
		panic(fmt.Sprintf(format, arguments...))
	}
}

type client struct {
	*grpc.ClientConn
	dials int64
}

func connect(address string) *client {
	c := &client{}
	dial := func(ctx context.Context, target string) (net.Conn, error) {
		atomic.AddInt64(&c.dials, 1)
		return new(net.Dialer).DialContext(ctx, "tcp", target)
	}
	connection, err := grpc.Dial(address, grpc.WithInsecure(), grpc.WithBlock(), grpc.WithContextDialer(dial))
	must(err)
	c.ClientConn = connection
	return c
}

func (c *client) call(method string, request []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var answer []byte
	err := c.Invoke(ctx, service+method, request, &answer, asBytes)
	return answer, err
}

func (c *client) open(ctx context.Context, method string) grpc.ClientStream {
	stream, err := c.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, service+method, asBytes)
	must(err)
	return stream
}

// Sends from another goroutine, and takes answers until the stream ends.
func exchange(stream grpc.ClientStream, send func(), take func([]byte)) {
	go func() {
		send()
		stream.CloseSend()
	}()
	for {
		var answer []byte
		err := stream.RecvMsg(&answer)
		if err == io.EOF {
			return
		}
		must(err)
		take(answer)
	}
}

func uploads(c *client) {
	written := uint64(0)
	stream := c.open(context.Background(), "VectorService/UpsertStream")
	exchange(stream, func() {
		for i := 0; i < 100; i++ {
			must(stream.SendMsg(upsert(i*20, 20)))
		}
	}, func(answer []byte) {
		n, _ := number(answer, 1)
		written += n
	})
	check(written == 2000, "%d vectors written, expected 2000", written)
}

func one(c *client, seed int) {
	answer, err := c.call("SearchService/Search", search(seed, 0))
	must(err)
	check(count(answer, 1) == 5, "%d hits, expected 5", count(answer, 1))
}

func unary(c *client, calls int) {
	begin := time.Now()
	for i := 0; i < calls; i++ {
		one(c, i)
	}
	fmt.Fprintf(os.Stderr, "%d calls one after the other, %d us each\n", calls, time.Since(begin).Microseconds()/int64(calls))
}

func together(c *client) {
	var group sync.WaitGroup
	for worker := 0; worker < 64; worker++ {
		group.Add(1)
		go func(worker int) {
			defer group.Done()
			for i := 0; i < 25; i++ {
				one(c, worker*25+i)
			}
		}(worker)
	}
	group.Wait()
}

func searches(c *client) {
	stream := c.open(context.Background(), "SearchService/SearchStream")
	tags := map[uint64]bool{}
	exchange(stream, func() {
		for i := 1; i <= 1000; i++ {
			must(stream.SendMsg(search(i, uint64(i))))
		}
	}, func(answer []byte) {
		tag, _ := number(answer, 3)
		tags[tag] = true
		check(count(answer, 1) == 5, "%d hits, expected 5", count(answer, 1))
	})
	check(len(tags) == 1000, "%d tags came back, expected 1000", len(tags))
}

func export(c *client) {
	stream := c.open(context.Background(), "VectorService/Export")
	vectors := 0
	exchange(stream, func() { must(stream.SendMsg(new(message).text(1, "docs").number(3, 100).Bytes())) }, func(answer []byte) {
		vectors += count(answer, 1)
	})
	check(vectors == 2000, "%d vectors exported, expected 2000", vectors)
}

func refusals(c *client) {
	_, err := c.call("DatabaseService/GetDatabase", new(message).text(1, "none").Bytes())
	check(status.Code(err) == codes.NotFound, "%v, expected NotFound", err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Microsecond)
	defer cancel()
	var answer []byte
	err = c.Invoke(ctx, service+"SearchService/Search", search(1, 0), &answer, asBytes)
	check(status.Code(err) == codes.DeadlineExceeded, "%v, expected DeadlineExceeded", err)
	for i := 0; i < 100; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		stream := c.open(ctx, "VectorService/Export")
		must(stream.SendMsg(new(message).text(1, "docs").number(3, 10).Bytes()))
		must(stream.CloseSend())
		must(stream.RecvMsg(&answer))
		cancel()
	}
}

func main() {
	calls := 5000
	if len(os.Args) > 2 {
		calls, _ = strconv.Atoi(os.Args[2])
	}
	c := connect(os.Args[1])
	state, err := health.NewHealthClient(c).Check(context.Background(), &health.HealthCheckRequest{})
	must(err)
	check(state.Status == health.HealthCheckResponse_SERVING, "%v, expected SERVING", state.Status)
	_, err = c.call("DatabaseService/CreateDatabase", new(message).text(1, "docs").number(2, dimension).number(3, 2).Bytes())
	must(err)
	uploads(c)
	unary(c, calls)
	together(c)
	searches(c)
	export(c)
	refusals(c)
	one(c, 1)
	check(c.dials == 1, "the client connected %d times, expected once", c.dials)
	fmt.Println("done")
}
