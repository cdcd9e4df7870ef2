using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using Ovation.Gateway.Edge;
using Ovation.Platform;

namespace Ovation.Gateway.Nginx;

/// <summary>Where NGINX listens and what stands behind it.</summary>
/// <param name="Listen">Address and port with TLS, for example <c>127.0.0.1:8443</c>.</param>
/// <param name="Redirect">Address and port without TLS that only sends people to the one with it; null = none.</param>
/// <param name="Certificate">File of the certificate chain (PEM).</param>
/// <param name="CertificateKey">File of its key (PEM).</param>
/// <param name="State">Directory NGINX may write to: pid, logs, cache, temporary files.</param>
/// <param name="Upstreams">Address and port of each replica, by module.</param>
public sealed record NginxPlace(
    string Listen, string? Redirect, string Certificate, string CertificateKey, string State, IReadOnlyDictionary<string, IReadOnlyList<string>> Upstreams);

/// <summary>
/// NGINX's configuration, rendered from the routes the modules map: what is not mapped is 404 there and reaches nobody. NGINX routes and
/// holds TLS; who may pass is the gateway's to say, asked by <c>auth_request</c> before a request goes to a module.
/// </summary>
public static partial class NginxConfiguration
{
    private const string Gateway = "gateway", Web = "web", Media = "media";

    // Bytes of audio need no session (a play token is a capability), and pages ask the API themselves.
    private static bool AsksTheGateway(ModuleRoute route) => route.Module != Gateway && IsApi(route);

    private static bool IsApi(ModuleRoute route) => route.Pattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal);

    /// <summary>The whole file.</summary>
    /// <exception cref="SettingsException">A module that is routed to has no upstream.</exception>
    public static string Render(Settings settings, IReadOnlyList<ModuleRoute> routes, NginxPlace place)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(place);
        var homeless = routes.Select(route => route.Module).Distinct().Where(module => !place.Upstreams.ContainsKey(module)).ToArray();
        if (homeless.Length > 0) throw new SettingsException($"no --upstream says where these modules run: {string.Join(", ", homeless)}");
        var text = new StringBuilder();
        text.Append(Head(place));
        text.Append(Maps(new SecurityHeaders(settings)));
        foreach (var (module, replicas) in place.Upstreams.OrderBy(x => x.Key, StringComparer.Ordinal)) text.Append(Upstream(module, replicas));
        if (place.Redirect is { } plain) text.Append(Redirect(plain, settings.Url));
        text.Append(Strangers(place));
        text.Append(Server(settings.Url, place));
        foreach (var route in routes) text.Append(Location(route));
        foreach (var module in routes.Select(route => route.Module).Distinct().Order(StringComparer.Ordinal))
            text.Append($"    location = /openapi/{module}.json {{ auth_request off; set $allow \"GET\"; if ($request_method != GET) {{ return 405; }} proxy_pass http://{module}; }}\n");
        text.Append(Refusals());
        text.Append("  }\n}\n");
        return text.ToString();
    }

    private static string Head(NginxPlace place) => $$"""
        # Rendered by `ovation-server nginx` from the routes of the code; edit those, or the arguments it was rendered with.
        worker_processes auto;
        worker_rlimit_nofile 16384;
        pid {{place.State}}/nginx.pid;
        error_log {{place.State}}/error.log crit;   # lower levels quote request lines
        events { worker_connections 4096; }

        http {
          server_tokens off;
          types { }
          default_type application/problem+json;
          log_format events escape=json '{"time":"$time_iso8601","traceId":"$request_id","remote":"$remote_addr","method":"$request_method",'
            '"path":"$uri","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"protocol":"$server_protocol",'
            '"upstream":"$upstream_addr","upstreamSeconds":"$upstream_response_time"}';   # no query, no header: both may hold secrets
          access_log {{place.State}}/access.log events;
          client_body_temp_path {{place.State}}/body;
          proxy_temp_path {{place.State}}/proxy;
          proxy_cache_path {{place.State}}/cache keys_zone=files:1m max_size=64m inactive=1d use_temp_path=off;

          sendfile on;
          tcp_nodelay on;
          keepalive_timeout 30s;
          client_header_timeout 10s;
          client_body_timeout 30s;
          send_timeout 60s;
          reset_timedout_connection on;
          large_client_header_buffers 4 16k;
          client_body_buffer_size 64k;
          limit_conn_zone $binary_remote_addr zone=streams:4m;
          limit_conn_status 429;

          proxy_http_version 1.1;
          proxy_connect_timeout 2s;
          proxy_read_timeout 60s;
          proxy_next_upstream error timeout;   # never a second time for what is not idempotent


        """.Replace("\r", "", StringComparison.Ordinal);

    private static string Maps(SecurityHeaders headers) => $$"""
          map $sent_http_content_type $content_policy { default "{{SecurityHeaders.DataPolicy}}"; ~^text/html "{{headers.PagePolicy}}"; }
          map $uri $cache_control { default ""; ~^/api(/|$) no-store; }
          map $request_id $span { "~^(?<first>.{16})" $first; }   # the request's own id in W3C trace context

        """;

    private static string Upstream(string module, IReadOnlyList<string> replicas) =>
        $"  upstream {module} {{ {string.Concat(replicas.Select(replica => $"server {Checked(replica)} max_fails=1 fail_timeout=2s; "))}keepalive 32; }}\n";

    private static string Redirect(string listen, Uri url) =>
        $"  server {{ listen {Checked(listen)}; server_name {url.Host}; return 308 {url.GetLeftPart(UriPartial.Authority)}$request_uri; }}\n";

    // Whoever asks for another name is not talking to us.
    private static string Strangers(NginxPlace place) =>
        $"  server {{ listen {Checked(place.Listen)} ssl http2 default_server; ssl_reject_handshake on; ssl_protocols TLSv1.2 TLSv1.3; return 421; }}\n";

    private static string Server(Uri url, NginxPlace place) => $$"""

          server {
            listen {{Checked(place.Listen)}} ssl http2;
            server_name {{url.Host}};
            ssl_certificate {{place.Certificate}};
            ssl_certificate_key {{place.CertificateKey}};
            ssl_protocols TLSv1.2 TLSv1.3;
            ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
            ssl_prefer_server_ciphers off;
            ssl_session_cache shared:tls:4m;
            ssl_session_tickets off;

            # What only the edge may say: set or emptied here, whatever a client sent.
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header {{IdentityHeader.Name}} $identity;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host "";
            proxy_set_header X-Forwarded-Proto "";
            proxy_set_header X-Forwarded-Prefix "";
            proxy_set_header X-Real-IP "";
            proxy_set_header Forwarded "";
            proxy_set_header {{Authorise.Method}} "";
            proxy_set_header traceparent "00-$request_id-$span-01";
            proxy_set_header tracestate "";

            # On every answer, and once: what the gateway's process said itself is replaced by the same.
            {{Hidden}}
            add_header Content-Security-Policy $content_policy always;
            add_header X-Content-Type-Options nosniff always;
            add_header Referrer-Policy same-origin always;
            add_header Cross-Origin-Opener-Policy same-origin always;
            add_header Strict-Transport-Security max-age=31536000 always;
            add_header Cache-Control $cache_control always;
            add_header Retry-After $retry_after always;
            add_header Allow $allow_sent always;
            add_header Set-Cookie $renewed always;
            set $retry_after "";
            set $allow "";
            set $allow_sent "";
            set $identity "";
            set $renewed "";

            auth_request /_authorise;
            auth_request_set $identity $upstream_http_ovation_identity;
            auth_request_set $renewed $upstream_http_set_cookie;
            auth_request_set $refused_status $upstream_status;
            auth_request_set $refusal $upstream_http_ovation_refusal;
            auth_request_set $refused_retry $upstream_http_retry_after;
            error_page 401 403 500 = @refused;
            error_page 400 /_problems/400;   # a request that cannot be read has no place a named location could be entered from
            error_page 404 = @404;
            error_page 405 = @405;
            error_page 408 /_problems/408;
            error_page 413 = @413;
            error_page 414 494 =431 /_problems/431;
            error_page 429 = @429;
            error_page 502 503 504 = @503;

            location = /_authorise {
              internal;
              auth_request off;
              client_max_body_size 0;   # the place that takes the body decides how large it may be
              proxy_pass_request_body off;
              proxy_set_header Content-Length "";
              proxy_set_header Transfer-Encoding "";
              proxy_set_header Connection "";
              proxy_set_header Host $host;
              proxy_set_header {{IdentityHeader.Name}} "";
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header {{Authorise.Method}} $request_method;
              proxy_set_header {{Authorise.BodyLength}} $http_content_length;
              proxy_set_header {{Authorise.BodyCoding}} $http_transfer_encoding;
              proxy_set_header traceparent "00-$request_id-$span-01";
              proxy_pass http://gateway{{Authorise.Prefix}}$request_uri;
            }
            location = /health/live { auth_request off; proxy_pass http://gateway; }
            location = /health/ready { auth_request off; proxy_pass http://gateway; }
            location / { auth_request off; return 404; }

        """;

    // A location that hides one more header has to name them all.
    private const string Hidden = "proxy_hide_header Content-Security-Policy; proxy_hide_header X-Content-Type-Options; proxy_hide_header Referrer-Policy; "
        + "proxy_hide_header Cross-Origin-Opener-Policy; proxy_hide_header Strict-Transport-Security;";

    private static string Location(ModuleRoute route)
    {
        var line = new StringBuilder($"    location {Matcher(route.Pattern)} {{ ");
        line.Append($"set $allow \"{string.Join(", ", route.Methods)}\"; if ($request_method !~ ^({string.Join('|', route.Methods)})$) {{ return 405; }} ");
        if (!AsksTheGateway(route)) line.Append("auth_request off; ");
        if (IsApi(route)) line.Append(Hidden).Append(" proxy_hide_header Cache-Control; ");
        line.Append($"client_max_body_size {route.MaxBody}; ");
        if (route.MaxBody > ServerProcess.MaxBody) line.Append("proxy_request_buffering off; proxy_send_timeout 120s; proxy_read_timeout 120s; client_body_timeout 60s; ");
        if (route.Module == Media && !IsApi(route)) line.Append("proxy_buffering off; limit_conn streams 64; ");
        if (route.Module == Web && route.Pattern.RawText!.Contains("assets", StringComparison.Ordinal)) line.Append("proxy_cache files; proxy_cache_key $uri; ");
        return line.Append($"proxy_pass http://{route.Module}; }}\n").ToString();
    }

    private static string Matcher(RoutePattern pattern)
    {
        var path = "/" + pattern.RawText!.Trim('/');
        if (pattern.Parameters.Count == 0) return path == "/" ? "= /" : $"~ ^{Regex.Escape(path)}/?$";
        var segments = pattern.PathSegments.Select(segment => segment.Parts is [RoutePatternLiteralPart literal] ? Regex.Escape(literal.Content) : "[^/]+");
        return $"~ ^/{string.Join('/', segments)}/?$";
    }

    private static string Refusals()
    {
        var text = new StringBuilder();
        text.Append("    location @refused {\n      set $retry_after $refused_retry;\n");
        foreach (var status in (int[])[400, 401, 403, 404, 415, 429, 503]) text.Append($"      if ($refused_status = {status}) {{ return {status} $refusal; }}\n");
        text.Append($"      set $retry_after 2;\n      return 503 '{Problem(503, "unavailable", "Sessions cannot be read at the moment; try again.")}';\n    }}\n");
        foreach (var (place, status, code, detail, more) in ((string, int, string, string, string)[])[
            ("= /_problems/400", 400, "invalid-request", "This is not a request that can be read.", "internal; auth_request off; "),
            ("= /_problems/408", 408, "too-slow", "The request took too long to arrive.", "internal; auth_request off; "),
            ("= /_problems/431", 431, "too-large", "The request line or its headers are too large.", "internal; auth_request off; "),
            ("@404", 404, "not-found", "There is nothing at this address.", ""),
            ("@405", 405, "method-not-allowed", "This address does not take this method.", "set $allow_sent $allow; "),
            ("@413", 413, "too-large", "The body is larger than this address takes.", ""),
            ("@429", 429, "too-many-requests", "Too many streams at once from this address; wait and try again.", "set $retry_after 1; "),
            ("@503", 503, "unavailable", "A part of the server is away; try again.", "set $retry_after 2; ")])
            text.Append($"    location {place} {{ {more}return {status} '{Problem(status, code, detail)}'; }}\n");
        return text.ToString();
    }

    private static string Problem(int status, string code, string detail) =>
        $$"""{"type":"/problems/{{code}}","title":"{{Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)}}","status":{{status}},"detail":"{{detail}}","code":"{{code}}","traceId":"$request_id"}""";

    private static string Checked(string endpoint) =>
        Endpoint().IsMatch(endpoint) ? endpoint : throw new SettingsException($"“{endpoint}” is not an address and port such as 127.0.0.1:5001");

    [GeneratedRegex(@"^([A-Za-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}$", RegexOptions.NonBacktracking)]
    private static partial Regex Endpoint();
}
