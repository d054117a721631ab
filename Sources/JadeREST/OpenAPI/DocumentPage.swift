/// A page that shows the OpenAPI document of the server it comes from, and sends requests to it. It needs nothing but itself.
enum DocumentPage {
    static let html = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>JadeVectorDB: the REST interface</title>
        <link rel="icon" href="data:,">
        <style>
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --jade: #00795c; }
        @media (prefers-color-scheme: dark) { :root { --jade: #3ecf9f; } }
        * { box-sizing: border-box; } [hidden] { display: none !important; }
        body { margin: 0; font: 15px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 17rem 1fr; }
        nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: 13px; }
        nav a { display: block; color: inherit; text-decoration: none; padding: 1px 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        nav a:hover { color: var(--jade); }
        nav input { width: 100%; padding: .3rem; margin-bottom: .5rem; }
        main { padding: 1rem 2rem 6rem; max-width: 62rem; min-width: 0; }
        h1 { color: var(--jade); margin: 0 0 .5rem; } h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line); }
        details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: 0 .8rem; }
        summary { cursor: pointer; padding: .45rem 0; } details[open] { padding-bottom: .8rem; }
        .method { display: inline-block; width: 4.2rem; font-weight: 700; font-size: 12px; color: var(--jade); }
        code, pre, textarea, .path { font: 13px/1.45 ui-monospace, monospace; }
        pre { background: var(--soft); padding: .6rem; border-radius: 6px; overflow: auto; max-height: 26rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        textarea { width: 100%; min-height: 7rem; } table { border-collapse: collapse; width: 100%; }
        td, th { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); }
        .note { opacity: .75; } button { padding: .3rem .9rem; margin: .3rem 0; cursor: pointer; }
        @media (max-width: 46rem) { body { display: block; } nav { display: none; } main { padding: 1rem; } }
        </style>
        </head>
        <body>
        <nav><input id="find" type="search" placeholder="find" aria-label="find an operation"><div id="list"></div></nav>
        <main><h1>JadeVectorDB</h1><p id="about"></p>
        <p><label>API key or token, kept in this page only: <input id="key" type="password" autocomplete="off"></label></p>
        <div id="body">reading <a href="/v1/openapi.json">/v1/openapi.json</a> …</div></main>
        <script>
        "use strict";
        const make = (tag, attributes = {}, ...children) => {
          const node = document.createElement(tag);
          for (const [name, value] of Object.entries(attributes)) name in node ? node[name] = value : node.setAttribute(name, value);
          node.append(...children.filter(child => child != null));
          return node;
        };
        let api;
        const resolve = schema => schema && schema.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : schema;
        const name = schema => schema.$ref ? schema.$ref.split("/").pop() : null;

        // A schema in a line or a few: what a value may be.
        function phrase(schema) {
          if (!schema) return "anything";
          if (schema.$ref) return make("a", { href: "#schema-" + name(schema) }, name(schema));
          const parts = [];
          if (schema.const !== undefined) parts.push("always " + JSON.stringify(schema.const));
          else if (schema.enum) parts.push(schema.enum.join(" | "));
          else if (schema.anyOf || schema.oneOf) {
            const span = make("span");
            (schema.anyOf || schema.oneOf).forEach((option, index) => span.append(index ? " or " : "", phrase(option)));
            return span;
          } else if (schema.type === "array") return make("span", {}, "list of ", phrase(schema.items));
          else parts.push([].concat(schema.type || "anything").join(" or "));
          if (schema.minimum !== undefined || schema.maximum !== undefined) parts.push(`${schema.minimum ?? "…"} to ${schema.maximum ?? "…"}`);
          if (schema.maxLength) parts.push(`at most ${schema.maxLength} characters`);
          if (schema.format) parts.push(schema.format);
          if (schema.default !== undefined) parts.push("default " + JSON.stringify(schema.default));
          return parts.join(", ");
        }
        function fields(schema) {
          const table = make("table");
          for (const [key, value] of Object.entries(schema.properties || {}))
            table.append(make("tr", {},
              make("td", {}, make("code", {}, key), (schema.required || []).includes(key) ? " *" : ""),
              make("td", {}, phrase(value)), make("td", { className: "note" }, value.description || "")));
          return table;
        }
        function shown(schema) {
          const box = make("div");
          if (schema.description) box.append(make("p", { className: "note" }, schema.description));
          if (schema.properties) box.append(fields(schema));
          else for (const option of schema.anyOf || []) box.append(make("div", {}, phrase(option)), option.properties ? fields(option) : "");
          if (!schema.properties && !schema.anyOf) box.append(make("div", {}, phrase(schema)));
          for (const example of schema.examples || []) box.append(make("pre", {}, JSON.stringify(example, null, 2)));
          return box;
        }
        function tryIt(method, path, operation) {
          const inputs = (operation.parameters || []).map(parameter => ({ parameter, input: make("input", { placeholder: parameter.name }) }));
          const content = operation.requestBody && operation.requestBody.content["application/json"];
          const text = content && make("textarea", { value: JSON.stringify(content.example, null, 2) });
          const out = make("pre", { hidden: true });
          const send = make("button", { onclick: async () => {
            let url = path; const query = []; const headers = {};
            for (const { parameter, input } of inputs) {
              if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
              else if (!input.value) continue;
              else if (parameter.in === "query") query.push(parameter.name + "=" + encodeURIComponent(input.value));
              else headers[parameter.name] = input.value;
            }
            const key = document.getElementById("key").value;
            if (key) headers.authorization = "Bearer " + key;
            if (text) headers["content-type"] = "application/json";
            out.hidden = false;
            try {
              const begin = performance.now();
              const answer = await fetch(url + (query.length ? "?" + query.join("&") : ""), { method, headers, body: text && text.value });
              const body = await answer.text();
              const ms = (performance.now() - begin).toFixed(1);
              let pretty = body; try { pretty = JSON.stringify(JSON.parse(body), null, 2); } catch {}
              out.textContent = `${answer.status} ${answer.statusText}, ${ms} ms, request ${answer.headers.get("x-request-id")}\n\n${pretty}`;
            } catch (error) { out.textContent = String(error); }
          } }, "send");
          const rows = inputs.map(({ parameter, input }) => make("tr", {},
            make("td", {}, make("code", {}, parameter.name), parameter.required ? " *" : ""), make("td", {}, input),
            make("td", { className: "note" }, parameter.description || "", " ", phrase(parameter.schema))));
          return make("div", {}, rows.length ? make("table", {}, ...rows) : null, text, make("div", {}, send), out);
        }
        function section(method, path, operation) {
          const body = operation.requestBody && operation.requestBody.content;
          const answers = Object.entries(operation.responses).map(([status, answer]) => {
            const kinds = Object.values(answer.content || {}).map(content => content.schema);
            return make("tr", {}, make("td", {}, status), make("td", {}, answer.description), make("td", {}, kinds.length ? phrase(kinds[0]) : ""));
          });
          return make("details", { id: operation.operationId },
            make("summary", {}, make("span", { className: "method" }, method.toUpperCase()), make("span", { className: "path" }, path), " ",
              make("span", { className: "note" }, operation.summary || "")),
            operation.description ? make("p", {}, operation.description) : null,
            body ? make("p", {}, "body: ", ...Object.entries(body).flatMap(([type, content]) => [make("code", {}, type), " ", phrase(content.schema), " "])) : null,
            tryIt(method, path, operation),
            make("table", {}, ...answers));
        }
        function show() {
          document.getElementById("about").textContent = api.info.description;
          const body = document.getElementById("body"), list = document.getElementById("list");
          body.textContent = "";
          for (const tag of api.tags) {
            const links = make("div", {}, make("b", {}, tag.name)); list.append(links);
            body.append(make("h2", {}, tag.name), make("p", { className: "note" }, tag.description));
            for (const [path, methods] of Object.entries(api.paths))
              for (const [method, operation] of Object.entries(methods)) {
                if (!(operation.tags || []).includes(tag.name)) continue;
                body.append(section(method, path, operation));
                links.append(make("a", { href: "#" + operation.operationId, title: method + " " + path, onclick: () => { document.getElementById(operation.operationId).open = true; } },
                  operation.summary || path));
              }
          }
          body.append(make("h2", {}, "schemas"));
          for (const [key, schema] of Object.entries(api.components.schemas))
            body.append(make("details", { id: "schema-" + key }, make("summary", {}, make("code", {}, key)), shown(resolve(schema))));
          document.getElementById("find").oninput = event => {
            const word = event.target.value.toLowerCase();
            for (const link of list.querySelectorAll("a")) link.hidden = !(link.textContent + link.title).toLowerCase().includes(word);
          };
          addEventListener("hashchange", () => { const target = document.getElementById(location.hash.slice(1)); if (target && "open" in target) target.open = true; });
        }
        fetch("/v1/openapi.json").then(answer => answer.json()).then(document_ => { api = document_; show(); })
          .catch(error => { document.getElementById("body").textContent = "the document could not be read: " + error; });
        </script>
        </body>
        </html>

        """#
}
