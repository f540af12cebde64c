package scrub

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// survivors must come out byte for byte: what looks like a secret and is
// none.
var survivors = []string{
	// Ids and digests.
	"trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 flags=01",
	"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	"request 123e4567-e89b-12d3-a456-426614174000 done",
	"ulid 01ARZ3NDEKTSV4RRFFQ69G5FAV stored",
	"commit 9fceb02d0ae598e95dc970b74767f19372d61af8 deployed",
	"image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 pulled",
	`etag="33a64df551425fcc55e4d42a148795d9f25f89d4"`,
	`ETag: W/"67ab43-5f1c9a2b3d4e5"`,
	"pod checkout-7d9c6b8f5d-x2x9k evicted",
	"_id=507f1f77bcf86cd799439011 name=default",
	"blk_-1608999687919862906 terminating", "blk_38865049064139660",
	"container_1445144423722_0020_01_000003 transitioned from NEW to LOCALIZING",
	"attempt_1445144423722_0020_m_000001_0 TaskAttempt Transitioned from NEW to UNASSIGNED",
	"sessionid:0x14f05578bd80001 negotiated timeout 10000",
	"Session establishment complete on server 10.10.34.11/10.10.34.11:2181, sessionid = 0x24f05578bd80001, negotiated timeout = 10000",
	// Times, versions, numbers.
	"ts=1718359212345", "ts=1718359212345678", "ts=1718359212345678901", "1514038440000##6993##548365##8661##12266##27164404",
	"2026-03-14T09:26:53.589793Z", "2026-03-14 09:26:53,589", "20171223-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579",
	"order 10045321 shipped", "total 4599 1200 3300", "version 1.24.3-rc.1+build.20260314", "kernel 5.15.0-1051-aws x86_64",
	"10.251.73.220:50010", "fe80::1ff:fe23:4567:890a", "from 173.234.31.186 port 38926 ssh2", "173-234-31-186.ipvnow.com",
	"bytes 1024/4096 (25.0%) at 1.5 MB/s", "len: 1893 time: 0.2477829", "0x7ffd5e8c1234", "status=200 size=345 1234",
	// Prose about secrets.
	"Accepted password for root from 10.0.0.1 port 22 ssh2", "Failed password for invalid user admin from 1.2.3.4 port 5555 ssh2",
	"token expired", "invalid token: expired", "password is incorrect", "the token is invalid", "password: incorrect", "token=expired reason=timeout",
	"bearer authentication required", "Basic authentication failed", "unexpected token: }", "Unexpected token < in JSON at position 0", "basic realm=api",
	"pam_unix(sshd:auth): check pass; user unknown", "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=52.80.34.196",
	"authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=218.188.2.4  user=root",
	"SecurityManager: authentication disabled; ui acls disabled; users with view permissions: Set(yarn, curi); users with modify permissions: Set(yarn, curi)",
	"Executing with tokens:", "Kind: YARN_AM_RM_TOKEN, Service: , Ident: (appAttemptId { application_id { id: 20 cluster_timestamp: 1445144423722 } attemptId: 1 } keyId: -127633188)",
	"Adding job token for job_1445144423722_0020 to jobTokenSecretManager", "Size of containertokens_dob is 1",
	"Skipping AppWindowToken{df0798e token=Token{78af589 ActivityRecord{3b04890 u0 com.tencent.qt.qtl/com.tencent.video.player.activity.PlayerActivity t761}}}",
	"acquire lock=166121161, flags=0x1, tag=\"RILJ\", name=com.android.phone, ws=null, uid=1001, pid=2626",
	"[sshd] reverse mapping checking getaddrinfo for ns.marryaldkfaczcz.com [173.234.31.186] failed - POSSIBLE BREAK-IN ATTEMPT!",
	"session opened for user cyrus by (uid=0)", "connection from 222.33.90.199 () at Sat Jul 9 22:53:22 2005",
	"proxy.cse.cuhk.edu.hk:5070 close, 0 bytes sent, 0 bytes received, lifetime <1 sec",
	"calculateCaloriesWithCache totalCalories=126775", "getTodayTotalDetailSteps = 1514038440000##6993##548365##8661##12266##27164404",
	"ciod: Error reading message prefix after LOGIN_MESSAGE on CioStream socket to 172.16.96.116:33569", "generating core.2275", "instruction cache parity error corrected",
	"[req-3ea4052c-895d-4b64-9e2d-04d64c4d94ab 113d3a99c3da401fbd62cc2caa5b96d2 54fadb412c4e40cdbaed9335e4c35a9e - - -] 10.11.10.1 \"GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1\" status: 200 len: 1893 time: 0.2477829",
	"jk2_init() Found child 6725 in scoreboard slot 10", "[error] mod_jk child workerEnv in error state 6",
	"[error] [client 222.166.160.184] Directory index forbidden by rule: /var/www/html/",
	"PCI: Setting latency timer of device 0000:00:1d.7 to 64", "CPU 0 irqstacks, hard=02345000 soft=02344000", "BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)",
	"audit(1122475266.4294965305:0): initialized", "klogd 1.4.1, log source = /proc/kmsg started.", "Memory: 125312k/129720k available (1540k kernel code, 3860k reserved, 599k data, 144k init, 0k highmem)",
	"apic: APIC_ID[00] enabled, 8 processors", "kernel: [  174.292832] usb 1-1: new high-speed USB device number 4", "state=running code=200 key=orders address=10.0.0.1 name=web-1",
	"systemd[1]: Started getty@tty1.service.", "user@1000.service: Succeeded.", "git@github.com:org/repo.git", "lodash@4.17.21 installed", "Object java.lang.Object@1b2c3d4e",
	"akka.tcp://sparkDriver@10.10.34.11:48069", "spark://CoarseGrainedScheduler@10.10.34.11:48069", "http://localhost:8080/path@v2/x",
	"max_tokens=4096 token_count=17 input_tokens=12", "cache_key=user:42:profile partition_key=abc123 primary_key=id sort_key=ts", "idempotency_key=8e03978e-40d5-43e8-bc93-6894a57f9324",
	"password_reset=true password_length=12 email_verified=true", "author=alice authority=example.com compass=north monkey=george", "Bearer token missing", "the secret of good logs",
	"password=${DB_PASSWORD}", "password=***", "token=<token>", "secret=%s", `"password": null`, "api_key=null", "password=[REDACTED]", "token=[FILTERED]",
	"discard=7 cardinality=12 wildcard=* keyboard=us keyword=x tokenizer=bpe", "pass=12 fail=0", "2 passed, 1 failed, pass rate: 66", "pin 4 of gpio is high", "PIN: 4",
	"shipping_id=88213 class_name=Order headphone=1 ip_version=4", "id=1234567890abcdef1234567890abcdef", "hash=5d41402abc4b2a76b9719d911017c592",
	`{"local-member-id":"8e9e05c52164694d","revision":12}`, "AKIA", "sk-learn-contrib-package", "eyJ", "xoxb-", "-----BEGIN CERTIFICATE-----\nMIIBszCCARygAwIBAgIJANk=\n-----END CERTIFICATE-----",
	"ssh-rsa fingerprint SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDx2qMyLoLYZBwFfOM", "arn:aws:iam::123456789012:role/admin", "upgrade-insecure-requests: 1", "dx=12 rx=4055 tx=3321 ein=2",
	"heap 412 MiB -> 187 MiB", "a@b", "rate 5@10", "@Override public", "mention @alice in chat", "x = y @ z", "100% done + 12345 more", "+0800", "+1 for this", "1+1=2",
}

func TestSurvivors(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, text := range append(survivors, cleanLines...) {
		if got := s.String(text); got != text {
			t.Errorf("changed %q\n     to %q", text, got)
		}
		if got := s.KeyValue(attribute.String("note", text)).Value.AsString(); got != text {
			t.Errorf("changed attribute %q\n     to %q", text, got)
		}
	}
}

// conventional are attributes of the semantic conventions with the values
// that the conventions give as examples.
var conventional = []attribute.KeyValue{
	attribute.String("session.id", "00112233-4455-6677-8899-aabbccddeeff"), attribute.String("url.full", "https://www.foo.bar/search?q=OpenTelemetry#SemConv"), attribute.String("url.query", "q=OpenTelemetry"),
	attribute.String("client.address", "client.example.com"), attribute.String("server.address", "10.1.2.80"), attribute.Int("server.port", 8080), attribute.String("user.id", "S-1-5-21-202424912787-2692429404-2351956786-1000"), attribute.String("user.name", "a.einstein"),
	attribute.String("user.hash", "364fc68eaf4c8acec74a4e52d7d1feaa"), attribute.String("db.namespace", "customers"), attribute.String("db.query.text", "SELECT * FROM wuser_table where username = ?"), attribute.String("messaging.message.id", "452a7c7c7c7048c2f887f61572b18fc2"),
	attribute.String("messaging.kafka.message.key", "myKey"), attribute.String("messaging.rabbitmq.destination.routing_key", "myKey"), attribute.Int("gen_ai.usage.input_tokens", 100), attribute.String("gen_ai.token.type", "input"), attribute.Int("gen_ai.request.max_tokens", 100),
	attribute.String("aws.secretsmanager.secret.arn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:SecretName-6RandomCharacters"), attribute.String("feature_flag.key", "logo-color"), attribute.String("aws.s3.key", "someFile.yml"), attribute.Int("geo.location.lat", 45), attribute.String("geo.postal_code", "94040"),
	attribute.String("tls.client.hash.sha256", "9E393D93138888D288266C2D915214D1D1CCEB2A"), attribute.String("host.mac", "AC-DE-48-23-45-67"), attribute.String("code.function.name", "com.example.MyHttpService.serveRequest"), attribute.String("k8s.pod.uid", "275ecb36-5aa8-4c2a-9c47-d8bb681b9aff"),
	attribute.String("container.id", "a3bf90e006b2"), attribute.String("container.image.repo_digests", "example@sha256:afcc7f1ac1b49db317a7196c902e61c6c3c4607d63599ee1a82d702d249a0ccb"), attribute.String("aws.request_id", "79b9da39-b7ae-508a-a6bc-864b2829c622"), attribute.String("aws.extended_request_id", "wzHcyEWfmOGDIE5QOhTAqFDoDWP3y8IUvpNINCwL9N4TEHbUw0/gZJ+VZTmCNCWR7fezEN3eCiQ="),
	attribute.String("gen_ai.response.id", "chatcmpl-123"), attribute.String("gen_ai.tool.call.id", "call_mszuSIzqtI65i1wAUOE8w5H4"), attribute.String("process.command", "cmd/otelcol"), attribute.String("user_agent.original", "Mozilla/5.0 (iPhone; CPU iPhone OS 14_7_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.1.2 Mobile/15E148 Safari/604.1"),
	attribute.String("telemetry.sdk.language", "swift"), attribute.String("cloud.account.id", "111111111111"), attribute.String("error.type", "timeout"), attribute.String("http.route", "/users/:userID?"), attribute.String("network.peer.address", "10.1.2.80"), attribute.String("vcs.ref.head.revision", "9d59409acf479dfa0df1aa568182e43e43df8bbe28d60fcf2bc52e30068802cc"),
	attribute.String("rpc.method", "com.example.ExampleService/exampleMethod"), attribute.String("url.path", "/search"), attribute.String("enduser.id", "username"), attribute.String("device.id", "123456789012345"), attribute.Int64("process.pid", 1234), attribute.String("service.instance.id", "627cc493-f310-47de-96bd-71410b7dec09"),
	attribute.String("http.request.header.content-type", "application/json"), attribute.String("graphql.document", "query findBookById { bookById(id: ?) { name } }"), attribute.String("cicd.pipeline.run.id", "120912"), attribute.String("android.os.api_level", "33"), attribute.String("db.operation.name", "findAndModify"),
}

func TestConventionsSurvive(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, kv := range conventional {
		if got := s.KeyValue(kv); got != kv {
			t.Errorf("changed %v to %v", kv, got)
		}
	}
}
