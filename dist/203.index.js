export const id = 203;
export const ids = [203];
export const modules = {

/***/ 1515:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ notPlain),
/* harmony export */   f8: () => (/* binding */ writeWhole),
/* harmony export */   oD: () => (/* binding */ readWhole)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6760);
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(9763);
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});





async function writeWhole(path, content, input) {
    const unfinished = `${path}.${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}.tmp`;
    try {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.mkdir)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.dirname)(path), { recursive: true });
        const found = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.lstat)(path).catch(() => null);
        if (found !== null && !found.isFile())
            throw notPlain(path, input);
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.writeFile)(unfinished, content, { flag: 'wx' });
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.rename)(unfinished, path);
    }
    catch (cause) {
        if (cause instanceof _domain_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .WardenError */ .Sh)
            throw cause;
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .WardenError */ .Sh('input', `input ${input}: ${path} cannot be written`, {
            advice: 'Name a file in a folder that the job may write to, such as the workspace',
            cause,
        });
    }
}
function notPlain(path, input) {
    return new _domain_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .WardenError */ .Sh('input', `input ${input}: ${path} cannot be written: it is not a plain file`, {
        advice: 'Name a file of its own; neither links nor devices are written to',
    });
}
async function readWhole(path, maxBytes, input, { mayBeAbsent = false } = {}) {
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const file = __addDisposableResource(env_1, await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.open)(path, node_fs__WEBPACK_IMPORTED_MODULE_1__.constants.O_RDONLY | (node_fs__WEBPACK_IMPORTED_MODULE_1__.constants.O_NONBLOCK ?? 0)), true);
            const found = await file.stat();
            if (!found.isFile())
                throw new Error('not a plain file');
            if (found.size <= maxBytes) {
                const bytes = await file.readFile();
                if (bytes.length <= maxBytes)
                    return bytes;
            }
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    catch (cause) {
        if (mayBeAbsent && isAbsent(cause))
            return null;
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .WardenError */ .Sh('input', `input ${input}: ${path} cannot be read`, {
            advice: 'Name a file that exists in the workspace, relative to it or absolute',
            cause,
        });
    }
    throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .WardenError */ .Sh('input', `input ${input}: ${path} has more than ${maxBytes} bytes`, {
        advice: 'This is not a file of the kind that this input names',
    });
}
function isAbsent(error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}


/***/ }),

/***/ 9203:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  USER_AGENT: () => (/* binding */ USER_AGENT),
  openGitHubTransport: () => (/* binding */ openGitHubTransport),
  openSession: () => (/* binding */ openSession),
  systemClock: () => (/* binding */ systemClock)
});

// EXTERNAL MODULE: ./src/action/files.js
var files = __webpack_require__(1515);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./src/action/ending.js
const GRACE = {
    cancelled: { underWay: 2_000, looks: 5_000 },
    'out-of-time': { underWay: 30_000, looks: 60_000 },
};
const LONGEST_TIMER = 2 ** 31 - 1;
function createEnding({ maxDuration, onCancel }) {
    const stopping = new AbortController();
    const abandoned = new AbortController();
    const over = new AbortController();
    const timers = new Set();
    let reason = null;
    let isWriting = false;
    const after = (milliseconds, act) => {
        timers.add(setTimeout(act, Math.min(milliseconds, LONGEST_TIMER)));
    };
    function end(next) {
        if (reason === 'cancelled' || reason === next)
            return;
        reason = next;
        stopping.abort();
        const { underWay, looks } = isWriting ? GRACE[next] : { underWay: 0, looks: 0 };
        if (!isWriting)
            over.abort(next);
        after(underWay, () => abandoned.abort());
        after(looks, () => over.abort(next));
    }
    if (maxDuration !== null)
        after(maxDuration, () => end('out-of-time'));
    const ignore = onCancel(() => end('cancelled'));
    return {
        reason: () => reason,
        stopping: stopping.signal,
        over: over.signal,
        beginWrites: () => {
            isWriting = true;
        },
        orAbandoned: async (work) => {
            work.catch(() => undefined);
            if (abandoned.signal.aborted)
                return null;
            const waiting = Promise.withResolvers();
            const giveUp = () => waiting.resolve(null);
            abandoned.signal.addEventListener('abort', giveUp, { once: true });
            try {
                return await Promise.race([work, waiting.promise]);
            }
            finally {
                abandoned.signal.removeEventListener('abort', giveUp);
            }
        },
        dispose: () => {
            for (const timer of timers)
                clearTimeout(timer);
            ignore();
        },
    };
}

// EXTERNAL MODULE: ./src/domain/errors.js
var domain_errors = __webpack_require__(9763);
// EXTERNAL MODULE: ./src/domain/vendors/vendors.js + 1 modules
var vendors = __webpack_require__(2236);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
;// CONCATENATED MODULE: ./src/credentials/credential.js

function basicAuthorization(credential, refreshUser = null) {
    if (credential.kind === 'basic')
        return encodeBasic(credential.username, credential.password);
    if (credential.kind !== 'identity')
        return null;
    const username = credential.username ?? refreshUser;
    return username === null ? null : encodeBasic(username, credential.token);
}
function encodeBasic(username, password) {
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
function describeCredential(credential) {
    if (credential.kind === 'anonymous')
        return 'anonymously';
    if (credential.kind === 'basic')
        return `as user ${JSON.stringify((0,domain_text/* sanitiseLine */.lg)(credential.username, 80))} from ${credential.source}`;
    return `with the ${credential.kind === 'identity' ? 'identity' : 'registry'} token from ${credential.source}`;
}

;// CONCATENATED MODULE: ./src/credentials/challenge.js
const MAX_LENGTH = 16 * 1024;
const BLANK = /[ \t\r\n]/;
const SEPARATOR = /[ \t\r\n,]/;
const NAME_END = /[ \t\r\n,="]/;
function parseChallenges(instances) {
    const challenges = [];
    let budget = MAX_LENGTH;
    for (const text of instances) {
        budget -= text.length;
        if (budget < 0)
            break;
        challenges.push(...parseInstance(text));
    }
    return challenges;
}
function parseInstance(text) {
    const challenges = [];
    let position = skip(text, 0, SEPARATOR);
    while (position < text.length) {
        const [word, wordEnd] = readUntil(text, position, NAME_END);
        if (word === '') {
            position = text[position] === '"' ? readQuoted(text, position)[1] : position + 1;
        }
        else {
            const value = readAssignment(text, wordEnd);
            if (value !== null) {
                const parameters = challenges.at(-1)?.parameters;
                const name = word.toLowerCase();
                if (parameters !== undefined && !parameters.has(name))
                    parameters.set(name, value[0]);
                position = value[1];
            }
            else {
                const token68 = readToken68(text, wordEnd);
                challenges.push({ scheme: word.toLowerCase(), token68: token68?.[0] ?? null, parameters: new Map() });
                position = token68?.[1] ?? wordEnd;
            }
        }
        position = skip(text, position, SEPARATOR);
    }
    return challenges;
}
function readAssignment(text, from) {
    const equals = skip(text, from, BLANK);
    if (text[equals] !== '=')
        return null;
    const start = skip(text, equals + 1, BLANK);
    return text[start] === '"' ? readQuoted(text, start) : readUntil(text, start, SEPARATOR);
}
function readToken68(text, from) {
    const start = skip(text, from, BLANK);
    if (start === from)
        return null;
    const wordEnd = readUntil(text, start, NAME_END)[1];
    const end = skip(text, wordEnd, /=/);
    const next = skip(text, end, BLANK);
    const isLast = next === text.length || text[next] === ',';
    return wordEnd > start && isLast ? [text.slice(start, end), end] : null;
}
function readQuoted(text, quote) {
    let value = '';
    let position = quote + 1;
    while (position < text.length && text[position] !== '"') {
        if (text[position] === '\\')
            position += 1;
        value += text[position] ?? '';
        position += 1;
    }
    return [value, position + 1];
}
function readUntil(text, from, stop) {
    let end = from;
    while (end < text.length && !stop.test(text.charAt(end)))
        end += 1;
    return [text.slice(from, end), end];
}
function skip(text, from, what) {
    let position = from;
    while (position < text.length && what.test(text.charAt(position)))
        position += 1;
    return position;
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./src/transport/origin.js

function sameOrigin(a, b) {
    return a.protocol === b.protocol && a.host === b.host && a.hostname !== '';
}
function printableUrl(url) {
    return `${url.origin}${url.pathname}`;
}
const subnets = new Map([
    [
        'loopback',
        [
            ['127.0.0.0', 8],
            ['::1', 128],
        ],
    ],
    [
        'local-only',
        [
            ['0.0.0.0', 8],
            ['169.254.0.0', 16],
            ['::', 128],
            ['fe80::', 10],
        ],
    ],
    [
        'private',
        [
            ['10.0.0.0', 8],
            ['100.64.0.0', 10],
            ['172.16.0.0', 12],
            ['192.0.0.0', 24],
            ['192.168.0.0', 16],
            ['198.18.0.0', 15],
            ['224.0.0.0', 3],
            ['::', 96],
            ['::ffff:0:0:0', 96],
            ['64:ff9b::', 32],
            ['2001::', 32],
            ['2002::', 16],
            ['fc00::', 7],
            ['fec0::', 10],
            ['ff00::', 8],
        ],
    ],
]);
const scopes = [...subnets].map(([scope, list]) => ({ scope, addresses: blockList(list) }));
function hostScope(hostname) {
    const canonical = canonicalHost(hostname);
    if (canonical === null)
        return 'local-only';
    const version = (0,external_node_net_.isIP)(canonical);
    if (version === 0)
        return /(?:^|\.)localhost\.?$/.test(canonical) ? 'loopback' : 'public';
    const family = version === 4 ? 'ipv4' : 'ipv6';
    return scopes.find(({ addresses }) => addresses.check(canonical, family))?.scope ?? 'public';
}
const depths = {
    public: 0,
    private: 1,
    loopback: 2,
    'local-only': Number.POSITIVE_INFINITY,
};
function depth(scope) {
    return depths[scope];
}
function isLoopback(hostname) {
    const address = hostname.replace(/^\[|\]$/g, '');
    return hostname === 'localhost' || ((0,external_node_net_.isIP)(address) !== 0 && hostScope(hostname) === 'loopback');
}
function mayReach(from, to) {
    const [source, target] = [hostScope(from), hostScope(to)];
    if (from === to || target === 'public')
        return true;
    if (source === 'local-only' || target === 'local-only')
        return false;
    return depth(target) <= depth(source);
}
function canonicalHost(hostname) {
    const bare = (0,external_node_net_.isIP)(hostname) === 6 ? `[${hostname}]` : hostname;
    if (!URL.canParse(`http://${bare}/`))
        return null;
    return new URL(`http://${bare}/`).hostname.replace(/^\[|\]$/g, '');
}
function blockList(list) {
    const addresses = new external_node_net_.BlockList();
    for (const [network, prefix] of list)
        addresses.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
    return addresses;
}

;// CONCATENATED MODULE: ./src/credentials/realm.js


function resolveRealm(realm, asked, registry) {
    const url = parseRealm(realm, asked, registry);
    const origin = new URL(registry.origin);
    if (url.username !== '' || url.password !== '')
        throw refusedRealm(registry, url, 'carries a user name');
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
        throw refusedRealm(registry, url, 'is not https');
    if (!mayReach(origin.hostname, url.hostname)) {
        throw refusedRealm(registry, url, 'is on a private network that the registry is not on');
    }
    if (url.protocol === 'http:' && !isOwnHttp(url, origin))
        throw refusedRealm(registry, url, 'is not https');
    url.hash = '';
    return url;
}
function isOwnHttp(url, origin) {
    if (origin.protocol !== 'http:')
        return false;
    return url.hostname === origin.hostname || (isLoopback(url.hostname) && isLoopback(origin.hostname));
}
function parseRealm(realm, asked, registry) {
    const url = realm.trim() === '' ? null : URL.parse(realm, `${asked.origin}${asked.pathname}`);
    if (url !== null)
        return url;
    throw new domain_errors/* WardenError */.Sh('protocol', `${registry.host} names a token server that is not a URL: ${JSON.stringify((0,domain_errors/* shorten */.ml)(realm, 80))}`);
}
function refusedRealm(registry, url, why) {
    return new domain_errors/* WardenError */.Sh('protocol', `${registry.host} names ${url.protocol}//${url.host} as its token server, which ${why}`, { advice: 'No credentials were sent there; check the registry and any proxy in front of it' });
}

;// CONCATENATED MODULE: ./src/credentials/scope.js
const KNOWN_ACTIONS = new Set(['pull', 'push', 'delete', '*']);
function splitScopes(text) {
    return [...new Set(text.split(/\s+/).filter((scope) => scope !== ''))];
}
function parseRepositoryScope(scope) {
    const first = scope.indexOf(':');
    const last = scope.lastIndexOf(':');
    if (first < 0 || last === first || scope.slice(0, first) !== 'repository')
        return null;
    const name = scope.slice(first + 1, last);
    const actions = scope.slice(last + 1).split(',');
    return name !== '' && actions.every((action) => KNOWN_ACTIONS.has(action)) ? { name, actions } : null;
}
function formatRepositoryScope(name, actions) {
    return `repository:${name}:${normaliseActions(actions).join(',')}`;
}
function mergeScopes(needed, known) {
    const merged = new Map();
    for (const scope of [...needed, ...known]) {
        const parsed = parseRepositoryScope(scope);
        if (parsed === null) {
            merged.set(scope, null);
        }
        else {
            const key = `repository:${parsed.name}:`;
            merged.set(key, normaliseActions([...(merged.get(key) ?? []), ...parsed.actions]));
        }
    }
    return [...merged].map(([key, actions]) => (actions === null ? key : key + actions.join(',')));
}
function scopesToAsk(need) {
    const { path, actions, challenged, held } = need;
    if (path === null) {
        const catalog = actions.length === 0 ? [] : [`registry:catalog:${actions.join(',')}`];
        return [challenged.length > 0 ? challenged : catalog];
    }
    const isDelete = actions.includes('delete');
    const wanted = isDelete && need.exists ? ['pull', 'push', 'delete'] : ['pull', ...actions];
    const needed = challenged.length > 0 ? challenged : [formatRepositoryScope(path, wanted)];
    const speaksOurName = needed.some((scope) => parseRepositoryScope(scope)?.name === path);
    const base = speaksOurName ? [formatRepositoryScope(path, ['pull'])] : [];
    const sets = [mergeScopes(needed, [...base, ...held])];
    if (isDelete && need.exists) {
        sets.push([formatRepositoryScope(path, ['pull', 'push'])], [formatRepositoryScope(path, ['*'])]);
    }
    return sets;
}
function normaliseActions(actions) {
    return actions.includes('*') ? ['*'] : [...new Set(actions)].sort();
}

;// CONCATENATED MODULE: ./src/credentials/offers.js




function readOffers(headers, asked, registry) {
    const challenges = parseChallenges(headers);
    if (challenges.length === 0)
        return null;
    const basic = challenges.some(({ scheme }) => scheme === 'basic');
    const bearers = challenges.filter(({ scheme }) => scheme === 'bearer');
    let refused = null;
    for (const challenge of bearers) {
        try {
            const bearer = readBearer(challenge, asked, registry);
            return { bearer, basic, error: challenge.parameters.get('error') ?? null };
        }
        catch (error) {
            refused ??= error;
        }
    }
    if (basic)
        return { bearer: null, basic, error: null };
    throw refused ?? unknownSchemes(challenges, registry);
}
function readBearer({ parameters }, asked, registry) {
    const realm = resolveRealm(parameters.get('realm') ?? '', asked, registry);
    return {
        realm,
        service: parameters.get('service') ?? null,
        scopes: splitScopes(parameters.get('scope') ?? ''),
    };
}
function unknownSchemes(challenges, registry) {
    const schemes = challenges.slice(0, 5).map(({ scheme }) => JSON.stringify(scheme.slice(0, 20)));
    return new domain_errors/* WardenError */.Sh('unauthorized', `${registry.host} asks for a login by ${schemes.join(', ')}, which no registry client speaks`, {
        advice: 'Basic and Bearer are supported; is there a proxy with its own login in front of the registry?',
    });
}

;// CONCATENATED MODULE: ./src/credentials/hints.js

function loginHint(registry, username) {
    const { login } = (0,vendors/* vendorOf */.AK)(registry);
    const odd = username === null ? null : oddUsername(registry, username);
    return odd === null ? login : `${odd}; ${login}`;
}
function grantHint(registry, isDelete = true) {
    const { grants } = (0,vendors/* vendorOf */.AK)(registry);
    return grants.read ?? (isDelete ? grants.delete : null);
}
function oddUsername(registry, username) {
    const odd = (0,vendors/* vendorOf */.AK)(registry).oddUsername?.(username) ?? null;
    if (odd !== null)
        return odd;
    if (registry.host === 'nvcr.io' && (username === '' || username === 'oauthtoken')) {
        return 'the user name seems to have lost its `$` in a shell: quote `$oauthtoken` in single quotes';
    }
    if (/^robot\+?$/.test(username)) {
        return 'the user name seems to have lost what follows its `$` in a shell: quote `robot$name` in single quotes';
    }
    return username === '' ? 'the user name is empty' : null;
}

;// CONCATENATED MODULE: ./src/credentials/refusal.js





function refusal(attempt, credential, refused) {
    const { url, method } = attempt;
    const status = refused.by === 'registry' ? 401 : refused.status;
    const message = `${wish(attempt)} was refused${refuserOf(attempt, refused)}, asked ${describeCredential(credential)} (${factsOf(refused)})`;
    return new domain_errors/* WardenError */.Sh(refusalKind(credential, refused), message, {
        advice: refusalAdvice(attempt, credential, refused),
        exchange: { method, url: printableUrl(url), status, codes: [] },
    });
}
function refuserOf({ auth }, refused) {
    if (refused.by === 'token server')
        return ` by token server ${refused.realm.host}`;
    if (!isDistrust(refused))
        return '';
    return ` by ${auth.target.registry.host} with a token that its token server ${refused.grantedBy.host} had just granted`;
}
function factsOf(refused) {
    if (refused.by === 'registry')
        return `401 ${(0,domain_text/* sanitiseLine */.lg)(refused.error ?? '', 40)}`.trim();
    return refused.said === null ? `${refused.status}` : `${refused.status}: ${refused.said}`;
}
function isDistrust(refused) {
    return refused.by === 'registry' && refused.error === 'invalid_token' && refused.grantedBy !== undefined;
}
function wish({ auth, actions }) {
    const { registry, path } = auth.target;
    if (path === null)
        return `${actions.length === 0 ? 'login to' : 'catalog of'} ${registry.host}`;
    return `${actions.join(' and ')} of ${registry.host}/${path}`;
}
function foreignChallenge(registry, answered) {
    return new domain_errors/* WardenError */.Sh('unauthorized', `${registry.host} redirected to ${answered.host}, which asks for a login`, {
        advice: `Credentials for ${registry.host} are never sent elsewhere; name ${answered.host} itself in the reference`,
    });
}
function noChallenge(registry) {
    return new domain_errors/* WardenError */.Sh('unauthorized', `${registry.host} asks for a login without saying how (401, no challenge)`, {
        advice: 'Is there a proxy with its own login in front of the registry?',
    });
}
function refusalKind(credential, refused) {
    if (refused.by === 'registry') {
        return refused.error === 'insufficient_scope' && credential.kind !== 'anonymous'
            ? 'denied'
            : 'unauthorized';
    }
    const { status } = refused;
    if (status === 429)
        return 'rate-limit';
    if (status >= 500)
        return 'server';
    if (status === 403 && credential.kind !== 'anonymous')
        return 'denied';
    return status === 400 || status === 401 || status === 403 ? 'unauthorized' : 'protocol';
}
function refusalAdvice({ auth, actions }, credential, refused) {
    const { registry } = auth.target;
    if (isDistrust(refused)) {
        return 'The login is right; the registry does not trust its token server: compare key, issuer, service and clock of the two';
    }
    const kind = refusalKind(credential, refused);
    if (kind === 'rate-limit')
        return 'Wait and run again';
    if (kind === 'server')
        return 'The token server is at fault; run again later';
    if (kind === 'protocol')
        return 'Check the host: does a proxy stand in front of the registry?';
    const mayRead = auth.exists && actions.some((action) => action !== 'pull');
    const what = actions.filter((action) => action !== 'pull').join(' and ');
    if (credential.kind === 'anonymous') {
        const hint = anonymousHint(registry.host, credential);
        if (mayRead)
            return `Reading takes no login here, but ${what} does; ${hint}`;
        return auth.target.path === null
            ? `The registry wants a login; ${hint}`
            : `The repository is private or does not exist; ${hint}`;
    }
    if (mayRead) {
        const hint = grantHint(registry, actions.includes('delete'));
        return `This login may read, but not ${what}; ${hint ?? `give it the permission to ${what}, or use another one`}`;
    }
    const login = loginHint(registry, credential.kind === 'basic' ? credential.username : null);
    if (kind === 'denied') {
        if (refused.by === 'token server' && /expired|revoked/i.test(refused.said ?? '')) {
            return `The login is no longer valid; ${login}`;
        }
        const hint = grantHint(registry, actions.includes('delete'));
        return `The repository does not exist, or this login may not ${actions.join(' and ')}${hint === null ? '' : `; ${hint}`}`;
    }
    return refused.by === 'registry' && auth.target.path !== null
        ? `The login is wrong, or the repository does not exist; ${login}`
        : `The login is wrong or expired; ${login}`;
}
function anonymousHint(host, { source, inputsFor }) {
    return inputsFor === undefined
        ? `log in before this step, or set username and password (no login for ${host} in ${source})`
        : `username and password are for ${inputsFor} (input registry): add registry: ${host}, or log in before this step`;
}

;// CONCATENATED MODULE: ./src/credentials/repository-auth.js
const NO_ACCESS = {
    scheme: 'none',
    authorization: null,
    key: 'none',
    expiresAt: Infinity,
    question: null,
};
function createLoginGate() {
    let isOpen = false;
    let waiting = null;
    return {
        isOpen: () => isOpen,
        enter: async () => {
            if (isOpen)
                return null;
            if (waiting !== null) {
                await waiting;
                return null;
            }
            const { promise, resolve, reject } = Promise.withResolvers();
            waiting = promise;
            promise.catch(() => undefined);
            const open = () => {
                isOpen = true;
                resolve();
            };
            const fail = (error) => {
                if (!isOpen)
                    waiting = null;
                reject(error);
            };
            return { open, fail };
        },
    };
}
function createRepositoryAuths() {
    const origins = new Map();
    const auths = new Map();
    return (target) => {
        const { origin } = target.registry;
        const key = `${origin} ${target.path ?? ''}`;
        const found = auths.get(key);
        if (found !== undefined)
            return found;
        const facts = origins.get(origin) ?? { takesBasic: false, tokenServer: null, realms: new Set() };
        origins.set(origin, facts);
        const auth = {
            target,
            origin: new URL(origin).origin,
            facts,
            gate: createLoginGate(),
            access: NO_ACCESS,
            exists: false,
        };
        auths.set(key, auth);
        return auth;
    };
}

;// CONCATENATED MODULE: ./src/credentials/handshake.js






const EARLY_MS = 10_000;
const PING_MAX_BYTES = 64 * 1024;
function createHandshake({ send, fetchToken, keychain, clock, log }) {
    const underWay = new Map();
    function exchange(auth, question) {
        const { registry, path } = auth.target;
        const key = `${registry.origin} ${path ?? ''} ${accessKey(question)}`;
        const found = underWay.get(key);
        if (found !== undefined)
            return found;
        const started = ask(auth, question).finally(() => underWay.delete(key));
        underWay.set(key, started);
        return started;
    }
    async function ask(auth, question) {
        const { realms } = auth.facts;
        if (!realms.has(question.realm.host)) {
            realms.add(question.realm.host);
            log.debug(`${question.registryHost} names ${question.realm.host} as its token server`);
        }
        const outcome = await fetchToken(question, await keychain(auth.target));
        if (outcome.kind === 'refused')
            return { ...outcome, realm: question.realm };
        return { kind: 'granted', access: tokenAccess(outcome.grant.token, question, outcome.grant.expiresAt) };
    }
    async function offersOf({ auth, url }, response) {
        const { registry } = auth.target;
        if (response.url.origin !== url.origin)
            throw foreignChallenge(registry, response.url);
        const offers = readOffers(response.headers.get('www-authenticate') ?? [], response.url, registry);
        if (offers !== null)
            return isPing(url) ? withoutScope(offers) : offers;
        const ping = await send({
            method: 'GET',
            url: new URL('/v2/', registry.origin),
            maxBytes: PING_MAX_BYTES,
            purpose: `login offers of ${registry.host}`,
        });
        const isOwn = ping.status === 401 && ping.url.origin === url.origin;
        const pinged = isOwn ? readOffers(ping.headers.get('www-authenticate') ?? [], ping.url, registry) : null;
        if (pinged === null)
            throw noChallenge(registry);
        return withoutScope(pinged);
    }
    async function obtainToken(attempt, offers, credential) {
        const { auth, tried, actions } = attempt;
        const { bearer } = offers;
        if (bearer === null)
            return null;
        const { path } = auth.target;
        const held = auth.access.question?.scopes ?? [];
        const sets = scopesToAsk({ path, actions, challenged: bearer.scopes, held, exists: auth.exists });
        let last = null;
        for (const scopes of sets) {
            const question = questionFor(auth, bearer, scopes);
            const key = accessKey(question);
            if (tried.has(key)) {
                const again = `${key} again`;
                const refused = { by: 'registry', error: offers.error, grantedBy: bearer.realm };
                if (offers.error !== 'invalid_token' || tried.has(again))
                    throw refusal(attempt, credential, refused);
                tried.add(again);
            }
            tried.add(key);
            last = await exchange(auth, question);
            if (last.kind === 'granted') {
                learnTokenServer(auth, bearer);
                return last;
            }
            if (last.status !== 400)
                return last;
        }
        return last;
    }
    async function answerChallenge(attempt, response) {
        const { auth, tried } = attempt;
        const credential = await keychain(auth.target);
        const offers = await offersOf(attempt, response);
        const refuse = (by) => refusal(attempt, credential, by);
        const ready = credential.kind === 'bearer' ? tokenAccess(credential.token, null, Infinity) : null;
        if (ready !== null) {
            if (tried.has(ready.key))
                throw refuse({ by: 'registry', error: offers.error });
            auth.access = ready;
            return;
        }
        const exchanged = await obtainToken(attempt, offers, credential);
        if (exchanged?.kind === 'granted') {
            auth.access = exchanged.access;
            return;
        }
        const basic = offers.basic ? basicAccess(auth, credential) : null;
        const basicIsLeft = basic !== null && !tried.has(basic.key);
        if (exchanged !== null && !(exchanged.status === 401 && basicIsLeft)) {
            const { status, said, realm } = exchanged;
            throw refuse({ by: 'token server', status, said, realm });
        }
        if (!basicIsLeft)
            throw refuse({ by: 'registry', error: offers.error });
        auth.access = basic;
    }
    async function authorizeAhead(auth, actions) {
        const { facts, target } = auth;
        if (facts.takesBasic) {
            auth.access = basicAccess(auth, await keychain(target)) ?? NO_ACCESS;
        }
        else if (facts.tokenServer !== null &&
            target.path !== null &&
            actions.every((action) => action === 'pull')) {
            const credential = await keychain(target);
            if (credential.kind === 'bearer')
                return;
            const scopes = [formatRepositoryScope(target.path, ['pull'])];
            const exchanged = await exchange(auth, questionFor(auth, facts.tokenServer, scopes));
            if (exchanged.kind === 'granted')
                auth.access = exchanged.access;
        }
    }
    function isStale({ access }) {
        return access.question !== null && clock() >= access.expiresAt - EARLY_MS;
    }
    async function renew(auth) {
        const { access } = auth;
        if (access.question === null)
            return;
        const exchanged = await exchange(auth, access.question);
        if (auth.access !== access)
            return;
        auth.access = exchanged.kind === 'granted' ? exchanged.access : NO_ACCESS;
    }
    return { answerChallenge, authorizeAhead, isStale, renew };
}
function learnTokenServer({ facts, target }, bearer) {
    const plain = target.path === null ? null : formatRepositoryScope(target.path, ['pull']);
    if (bearer.scopes.length === 1 && bearer.scopes[0] === plain) {
        facts.tokenServer = { realm: bearer.realm, service: bearer.service };
    }
}
function questionFor(auth, server, scopes) {
    const { registry } = auth.target;
    const { refreshUser = null } = (0,vendors/* vendorOf */.AK)(registry);
    return { realm: server.realm, service: server.service, scopes, registryHost: registry.host, refreshUser };
}
function tokenAccess(token, question, expiresAt) {
    const key = question === null ? 'registry token' : accessKey(question);
    return { scheme: 'bearer', authorization: `Bearer ${token}`, key, expiresAt, question };
}
function basicAccess(auth, credential) {
    const authorization = basicAuthorization(credential, (0,vendors/* vendorOf */.AK)(auth.target.registry).refreshUser);
    if (authorization === null)
        return null;
    return { scheme: 'basic', authorization, key: 'basic', expiresAt: Infinity, question: null };
}
function accessKey({ realm, service, scopes }) {
    return JSON.stringify([realm.href, service, scopes.toSorted()]);
}
function withoutScope(offers) {
    return offers.bearer === null ? offers : { ...offers, bearer: { ...offers.bearer, scopes: [] } };
}
function isPing(url) {
    return /^\/v2\/?$/.test(url.pathname);
}

;// CONCATENATED MODULE: ./src/credentials/masking.js

const MIN_LENGTH = 6;
function createMasker(mask) {
    const seen = new Set();
    return (secret) => {
        for (const form of secretForms(secret)) {
            if (seen.has(form))
                continue;
            seen.add(form);
            mask(form);
        }
    };
}
function maskLogin(mask, username, password) {
    mask(password);
    if (password.length >= MIN_LENGTH)
        mask(Buffer.from(`${username}:${password}`).toString('base64'));
}
function secretForms(secret) {
    if (secret.trim().length < MIN_LENGTH)
        return [];
    const lines = secret.split(/[\r\n]/).map((line) => line.trim());
    const encoded = [Buffer.from(secret).toString('base64'), urlEncoded(secret)];
    const forms = [secret, secret.trim(), ...encoded, ...repeatedForms(secret), ...lines];
    return forms.filter((form) => form.length >= MIN_LENGTH);
}
function repeatedForms(secret) {
    const quoted = JSON.stringify(secret).slice(1, -1);
    return [secret, quoted, ...[secret, quoted].map((form) => (0,domain_text/* sanitiseLine */.lg)(form, form.length))];
}
function urlEncoded(secret) {
    return encodeURIComponent(secret.toWellFormed());
}

// EXTERNAL MODULE: ./src/transport/headers.js
var transport_headers = __webpack_require__(8785);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(6668);
// EXTERNAL MODULE: ./src/domain/manifest/media-type.js
var media_type = __webpack_require__(7123);
// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
;// CONCATENATED MODULE: ./src/wire/error-body.js




const MAX_BYTES = 64 * 1024;
const MAX_TEXT = 200;
const MAX_CODES = 8;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const LOGIN = /(authorization\W{1,8}(?:basic|bearer)\s{1,8})[\w+/=.~-]+/gi;
function parseRegistryErrors(body, contentType) {
    const text = body.subarray(0, MAX_BYTES).toString('utf8');
    if (isHtml(body, contentType))
        return { codes: [], text: null, isHtml: true };
    const value = parseLoosely(text);
    const found = (0,json/* isObject */.Gv)(value) ? readErrors(value) : { codes: [], text: value === undefined ? text : '' };
    return { codes: found.codes, text: harmless(found.text) || null, isHtml: false };
}
function harmless(text) {
    return (0,domain_text/* sanitiseLine */.lg)(text.slice(0, MAX_TEXT * 8).replaceAll(LOGIN, '$1***'), MAX_TEXT);
}
function isHtml(body, contentType) {
    const type = (0,media_type/* baseMediaType */.S4)(contentType ?? '');
    if (type === 'text/html' || type === 'application/xhtml+xml')
        return true;
    return /^\s{0,64}<(?:!doctype html|html|head|body)\b/i.test(body.toString('latin1', 0, 128));
}
const error_body_text = schemas/* string */.YjP().optional().catch(undefined);
const entrySchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ code: error_body_text, message: error_body_text, detail: error_body_text }));
const otherSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    error: error_body_text,
    error_description: error_body_text,
    message: error_body_text,
    details: error_body_text,
    detail: error_body_text,
}));
function readErrors(value) {
    const errors = Array.isArray(value['errors']) ? value['errors'].slice(0, MAX_CODES) : [];
    const entries = errors.map((entry) => entrySchema.safeParse(entry).data ?? {});
    const codes = entries.map(({ code = '' }) => code.toUpperCase()).filter((code) => CODE.test(code));
    const messages = entries.map(({ message, detail }) => message || detail || '');
    const strings = errors.filter((entry) => typeof entry === 'string');
    const other = otherSchema.parse(value);
    const oauth = [other.error, other.error_description].filter(Boolean).join(': ');
    const candidates = [...messages, ...strings, oauth, other.message, other.details, other.detail];
    return { codes: [...new Set(codes)], text: candidates.find(Boolean) ?? '' };
}
function parseLoosely(content) {
    try {
        return JSON.parse(content);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./src/wire/token.js


const MIN_LIFETIME_SECONDS = 60;
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;
const TOKEN = /^[\x21-\x7e]+$/;
const token_text = schemas/* string */.YjP().catch('');
const SCHEMA = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    token: token_text,
    access_token: token_text,
    refresh_token: token_text,
    expires_in: schemas/* union */.KCZ([
        schemas/* number */.aig(),
        schemas/* string */.YjP()
            .regex(/^\d{1,9}$/)
            .transform(Number),
    ])
        .catch(MIN_LIFETIME_SECONDS),
}));
function parseTokenAnswer(body, server) {
    const answer = SCHEMA.safeParse(parseJson(body, server));
    if (!answer.success)
        throw badAnswer(server, 'is not a JSON object');
    const { token, access_token, refresh_token, expires_in } = answer.data;
    const granted = token === '' ? access_token : token;
    if (granted === '')
        throw badAnswer(server, 'holds no token');
    if (!TOKEN.test(granted))
        throw badAnswer(server, 'holds a token with characters that no header can carry');
    return {
        token: granted,
        lifetimeSeconds: Math.min(Math.max(expires_in, MIN_LIFETIME_SECONDS), MAX_LIFETIME_SECONDS),
        refreshToken: refresh_token === '' ? null : refresh_token,
    };
}
function parseJson(body, server) {
    try {
        return JSON.parse(body.toString('utf8'));
    }
    catch {
        const isPage = /^\s{0,100}</.test(body.toString('latin1', 0, 200));
        throw badAnswer(server, isPage ? 'is a web page' : 'is not JSON');
    }
}
function badAnswer(server, what) {
    return new domain_errors/* WardenError */.Sh('protocol', `the answer of token server ${server} ${what}`);
}

;// CONCATENATED MODULE: ./src/credentials/token.js





const CLIENT_ID = 'registry-warden';
const token_MAX_BYTES = 128 * 1024;
const POST_UNSUPPORTED = new Set([400, 401, 404, 405]);
function createFetchToken(parts) {
    const { send, mask, clock } = parts;
    const rotated = new Map();
    async function byGet(question, credential) {
        const authorization = basicAuthorization(credential, question.refreshUser);
        const response = await send({
            method: 'GET',
            url: getUrl(question, credential),
            headers: { accept: 'application/json' },
            authorization,
            namedBy: hostNameOf(question),
            maxBytes: token_MAX_BYTES,
            purpose: purpose(question),
        });
        return conclude(question, response).outcome;
    }
    async function byPost(question, refreshToken) {
        const key = `${question.realm.origin} ${refreshToken}`;
        const response = await send({
            method: 'POST',
            url: question.realm,
            headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
            body: postForm(question, rotated.get(key) ?? refreshToken),
            namedBy: hostNameOf(question),
            maxBytes: token_MAX_BYTES,
            redirects: false,
            purpose: purpose(question),
        });
        const { outcome, refreshToken: next } = conclude(question, response);
        if (next !== null)
            rotated.set(key, next);
        return outcome;
    }
    function conclude(question, response) {
        const { status, body } = response;
        if (status < 200 || status > 299) {
            return { outcome: { kind: 'refused', status, said: reasonIn(response) }, refreshToken: null };
        }
        const answer = parseTokenAnswer(body, question.realm.host);
        maskAnswer(mask, answer);
        const expiresAt = clock() + answer.lifetimeSeconds * 1000;
        const outcome = { kind: 'granted', grant: { token: answer.token, expiresAt } };
        return { outcome, refreshToken: answer.refreshToken };
    }
    async function ask(question, credential) {
        if (credential.kind !== 'identity')
            return byGet(question, credential);
        const outcome = await byPost(question, credential.token);
        const mayFallBack = outcome.kind === 'refused' && POST_UNSUPPORTED.has(outcome.status);
        return mayFallBack && basicAuthorization(credential, question.refreshUser) !== null
            ? byGet(question, credential)
            : outcome;
    }
    return async (question, credential) => withoutSecret(await ask(question, credential), credential);
}
function reasonIn(response) {
    if (!/^\s{0,20}\{/.test(response.body.toString('latin1', 0, 21)))
        return null;
    return parseRegistryErrors(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type')).text;
}
function withoutSecret(outcome, credential) {
    if (outcome.kind === 'granted' || outcome.said === null || credential.kind === 'anonymous')
        return outcome;
    const secret = credential.kind === 'basic' ? credential.password : credential.token;
    const { said } = outcome;
    return repeatedForms(secret).some((form) => said.includes(form)) ? { ...outcome, said: null } : outcome;
}
function hostNameOf({ registryHost }) {
    return registryHost.replace(/:\d+$/, '');
}
function getUrl({ realm, service, scopes }, credential) {
    const url = new URL(realm);
    if (service !== null)
        url.searchParams.set('service', service);
    for (const scope of scopes)
        url.searchParams.append('scope', scope);
    url.searchParams.set('client_id', CLIENT_ID);
    if (credential.kind === 'basic' && credential.username !== '')
        url.searchParams.set('account', credential.username);
    return url;
}
function postForm({ service, scopes, registryHost }, refreshToken) {
    const form = new URLSearchParams({
        grant_type: 'refresh_token',
        service: service ?? registryHost,
        client_id: CLIENT_ID,
        refresh_token: refreshToken,
    });
    if (scopes.length > 0)
        form.set('scope', scopes.join(' '));
    return form.toString();
}
function maskAnswer(mask, answer) {
    mask(answer.token);
    if (answer.refreshToken !== null)
        mask(answer.refreshToken);
}
function purpose({ realm, registryHost }) {
    return `token for ${registryHost} from ${realm.host}`;
}

;// CONCATENATED MODULE: ./src/credentials/authenticator.js






const MAX_ROUNDS = 6;
function createAuthorizedSend(parts) {
    const { send, keychain, clock, log } = parts;
    const mask = createMasker(parts.mask);
    const sessionOf = createRepositoryAuths();
    const handshake = createHandshake({
        send,
        keychain,
        clock,
        log,
        fetchToken: createFetchToken({ send, mask, clock }),
    });
    async function exchangeUntilAccepted(request, auth, before, leader) {
        const { repository, actions = defaultActions(request), ...message } = request;
        const tried = new Set();
        const attempt = { auth, url: request.url, method: request.method, actions, tried };
        if (leader !== null)
            await handshake.authorizeAhead(auth, actions);
        if (handshake.isStale(auth))
            await handshake.renew(auth);
        for (let round = 0; round < MAX_ROUNDS; round += 1) {
            const { access } = auth;
            if (access.question !== null)
                leader?.open();
            const response = await send({ ...message, authorization: access.authorization });
            if (response.status !== 401) {
                if (access.scheme === 'basic')
                    auth.facts.takesBasic = true;
                if (response.status < 300 && request.method !== 'DELETE')
                    auth.exists = true;
                return response;
            }
            parts.hear?.(repository.registry, response.headers.get('www-authenticate') ?? []);
            if (access !== before)
                tried.add(access.key);
            if (auth.access === access)
                await handshake.answerChallenge(attempt, response);
        }
        throw refusal(attempt, await keychain(repository), { by: 'registry', error: null });
    }
    return async (request) => {
        const auth = sessionOf(request.repository);
        if (request.url.origin !== auth.origin) {
            throw new domain_errors/* WardenError */.Sh('protocol', `${request.purpose}: ${request.url.host} is not ${auth.target.registry.host}`);
        }
        const before = auth.access;
        const leader = auth.gate.isOpen() ? null : await auth.gate.enter();
        try {
            const response = await exchangeUntilAccepted(request, auth, before, leader);
            leader?.open();
            return response;
        }
        catch (error) {
            if (isRefusal(error))
                leader?.fail(error);
            else
                leader?.open();
            throw error;
        }
    };
}
function defaultActions({ method, repository, url }) {
    if (repository.path === null)
        return url.pathname.endsWith('/_catalog') ? ['*'] : [];
    if (method === 'DELETE')
        return ['delete'];
    return method === 'GET' || method === 'HEAD' ? ['pull'] : ['pull', 'push'];
}
function isRefusal(error) {
    return error instanceof domain_errors/* WardenError */.Sh && (error.kind === 'unauthorized' || error.kind === 'denied');
}

;// CONCATENATED MODULE: ./src/credentials/aws.js
const ID = 'AWS_ACCESS_KEY_ID';
const SECRET = 'AWS_SECRET_ACCESS_KEY';
const SESSION = 'AWS_SESSION_TOKEN';
function readAwsEnvironment(env) {
    const [accessKeyId, secretAccessKey, sessionToken] = [ID, SECRET, SESSION].map((name) => env[name]?.trim() ?? '');
    if (accessKeyId && secretAccessKey) {
        const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || null;
        return {
            kind: 'keys',
            keys: { accessKeyId, secretAccessKey, sessionToken: sessionToken || null, region },
        };
    }
    if (accessKeyId)
        return { kind: 'half', missing: SECRET, given: ID };
    if (secretAccessKey)
        return { kind: 'half', missing: ID, given: SECRET };
    return sessionToken ? { kind: 'half', missing: ID, given: SESSION } : { kind: 'none' };
}

;// CONCATENATED MODULE: ./src/wire/credential-file.js

const credential_file_text = schemas/* string */.YjP().catch('');
const table = schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J())
    .catch({})
    .transform((entries) => new Map(Object.entries(entries)));
const fileSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ auths: table, credHelpers: table, credsStore: credential_file_text }));
const credential_file_entrySchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    auth: credential_file_text,
    username: credential_file_text,
    password: credential_file_text,
    identitytoken: credential_file_text,
    registrytoken: credential_file_text,
}));
const answerSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ Username: credential_file_text, Secret: schemas/* string */.YjP() }));
function parseCredentialFile(content) {
    return fileSchema.safeParse(credential_file_parseJson(content.replace(/^\uFEFF/, ''))).data ?? null;
}
function parseCredentialEntry(entry) {
    return credential_file_entrySchema.safeParse(entry).data ?? null;
}
function parseHelperAnswer(output) {
    const answer = answerSchema.safeParse(credential_file_parseJson(output)).data;
    return answer === undefined ? null : { username: answer.Username, secret: answer.Secret };
}
function credential_file_parseJson(content) {
    try {
        return JSON.parse(content);
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./src/credentials/docker-config.js

const HUB_KEY = 'https://index.docker.io/v1/';
const HUB_HOSTS = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const HEADER_TEXT = /^[\x21-\x7e]+$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const MAX_KEY_LENGTH = 1024;
function parseDockerConfig(content) {
    const file = parseCredentialFile(content);
    if (file === null)
        return null;
    const problems = [];
    const logins = readKeys(file.auths, (entry, key) => {
        const login = readLogin(entry);
        if (typeof login !== 'string')
            return login;
        problems.push(`${JSON.stringify(key.slice(0, 100))} ${login}`);
        return null;
    });
    const helpers = readKeys(file.credHelpers, (suffix) => typeof suffix === 'string' && suffix !== '' ? suffix : null);
    return {
        logins,
        helpers,
        defaultHelper: file.credsStore === '' ? null : file.credsStore,
        problems,
    };
}
function lookupKeys({ registry, path }) {
    const hosts = hostKeys(registry);
    const parts = path === null ? [] : path.split('/');
    const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
    return [...prefixes.flatMap((prefix) => hosts.map((host) => `${host}/${prefix}`)), ...hosts];
}
function hostKeys({ host, origin }) {
    const name = host.toLowerCase();
    if (HUB_HOSTS.has(name))
        return ['docker.io'];
    const url = new URL(origin);
    if (url.port !== '')
        return [name];
    return [name, `${name}:${url.protocol === 'https:' ? '443' : '80'}`];
}
function readKeys(entries, read) {
    const found = new Map();
    for (const [key, value] of entries) {
        const canonical = canonicalKey(key);
        const result = canonical === null ? null : read(value, key);
        if (canonical === null || result === null)
            continue;
        const isExact = key === canonical || key === HUB_KEY;
        if (isExact || !found.has(canonical))
            found.set(canonical, result);
    }
    return found;
}
function canonicalKey(key) {
    if (key.length > MAX_KEY_LENGTH)
        return null;
    const scheme = /^(https?):\/\//i.exec(key);
    const bare = scheme === null ? key : key.slice(scheme[0].length);
    const slash = bare.indexOf('/');
    const rawHost = (slash < 0 ? bare : bare.slice(0, slash)).toLowerCase();
    const path = slash < 0 ? '' : bare.slice(slash + 1).replace(/\/$/, '');
    const defaultPort = scheme?.[1]?.toLowerCase() === 'http' ? ':80' : ':443';
    const host = scheme !== null && rawHost.endsWith(defaultPort) ? rawHost.slice(0, -defaultPort.length) : rawHost;
    if (host === '')
        return null;
    const name = HUB_HOSTS.has(host) ? 'docker.io' : host;
    if (path === '' || path === 'v1' || path === 'v2')
        return name;
    if (scheme !== null)
        return name === 'docker.io' ? null : name;
    return `${name}/${path}`;
}
function readLogin(value) {
    const entry = parseCredentialEntry(value);
    if (entry === null)
        return 'is not an object';
    const { auth, username, password, identitytoken, registrytoken } = entry;
    if (registrytoken !== '') {
        return HEADER_TEXT.test(registrytoken)
            ? { kind: 'bearer', token: registrytoken }
            : 'has a registrytoken with characters that no header can carry';
    }
    const pair = auth === '' ? { username, password } : decodeAuth(auth);
    if (identitytoken !== '') {
        const known = pair === null || pair.username === '' || pair.username === '<token>' ? null : pair.username;
        return { kind: 'identity', username: known, token: identitytoken };
    }
    if (pair === null)
        return 'has an auth value that is not Base64 of user:password';
    if (pair.username === '' && pair.password === '')
        return null;
    return { kind: 'basic', ...pair };
}
function decodeAuth(auth) {
    const compact = auth.replaceAll(/\s+/g, '');
    if (!BASE64.test(compact))
        return null;
    const pair = Buffer.from(compact, 'base64')
        .toString('utf8')
        .replace(/\0{1,64}$/, '');
    const colon = pair.indexOf(':');
    return colon < 0 ? null : { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

;// CONCATENATED MODULE: ./src/credentials/github-login.js


const SOURCE = 'the input github-token';
function containerRegistryOf(env) {
    if (env['GITEA_ACTIONS'] !== undefined || env['FORGEJO_ACTIONS'] !== undefined)
        return null;
    const server = URL.parse(env['GITHUB_SERVER_URL'] ?? '');
    if (server === null || server.protocol !== 'https:' || server.port !== '')
        return null;
    return server.hostname === 'github.com' ? 'ghcr.io' : `containers.${server.hostname}`;
}
function githubLogin({ registry }, token, env) {
    const host = containerRegistryOf(env);
    const isThere = token !== '' && host !== null && registry.origin === `https://${host}`;
    if (!isThere || !hostKeys(registry).includes(host))
        return null;
    return { kind: 'basic', username: env['GITHUB_ACTOR'] || 'x-access-token', password: token, source: SOURCE };
}
function withoutTokenIfRefused(send, anonymous, keychain) {
    const refused = new Set();
    return async (request) => {
        const { repository, method } = request;
        const credential = await keychain(repository);
        const isRead = method === 'GET' || method === 'HEAD';
        if (credential.source !== SOURCE || !isRead)
            return send(request);
        const key = `${repository.registry.origin}/${repository.path ?? ''}`;
        if (refused.has(key))
            return anonymous(request);
        const outcome = await send(request).catch((error) => error);
        const isRefused = outcome instanceof domain_errors/* WardenError */.Sh
            ? outcome.kind === 'unauthorized' || outcome.kind === 'denied'
            : isResponse(outcome) && outcome.status === 403;
        if (isRefused) {
            const second = await anonymous(request).catch(() => null);
            if (second !== null && second.status < 400) {
                refused.add(key);
                return second;
            }
        }
        if (isResponse(outcome))
            return outcome;
        throw outcome;
    };
}
function isResponse(outcome) {
    return typeof outcome === 'object' && outcome !== null && 'status' in outcome;
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./src/credentials/credential-files.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});




const credential_files_MAX_BYTES = 1024 * 1024;
async function credentialPlaces(target, env, home, files) {
    const inline = env['DOCKER_AUTH_CONFIG'] ?? '';
    const dockerFolder = nonEmpty(env['DOCKER_CONFIG']) ?? (0,external_node_path_.join)(home, '.docker');
    const buildxFolder = nonEmpty(env['BUILDX_CONFIG']) ?? (0,external_node_path_.join)(dockerFolder, 'buildx');
    const runtimeFolder = nonEmpty(env['XDG_RUNTIME_DIR']);
    const paths = [
        ...(await scopedFiles(target, (0,external_node_path_.join)(buildxFolder, 'config'), files)),
        (0,external_node_path_.join)(dockerFolder, 'config.json'),
        nonEmpty(env['REGISTRY_AUTH_FILE']),
        runtimeFolder === null ? null : (0,external_node_path_.join)(runtimeFolder, 'containers', 'auth.json'),
        (0,external_node_path_.join)(nonEmpty(env['XDG_CONFIG_HOME']) ?? (0,external_node_path_.join)(home, '.config'), 'containers', 'auth.json'),
    ];
    const distinct = [...new Set(paths.filter((path) => path !== null))];
    const places = distinct.map((path) => ({ name: path, read: () => files.readText(path) }));
    return inline.trim() === '' ? places : [{ name: 'DOCKER_AUTH_CONFIG', read: async () => inline }, ...places];
}
async function scopedFiles({ registry, path }, base, files) {
    const hosts = hostKeys(registry).flatMap((host) => host === 'docker.io' ? ['registry-1.docker.io', 'docker.io', 'index.docker.io'] : [host]);
    const names = [...(path === null ? [] : hosts.map((host) => `${host}/${path}`)), ...hosts];
    const found = await Promise.all(names.map((name) => scopedFolders(base, name, files)));
    return found.flat().map((folder) => (0,external_node_path_.join)(folder, 'config.json'));
}
async function scopedFolders(base, name, files) {
    const slash = name.lastIndexOf('/');
    const parent = slash < 0 ? base : (0,external_node_path_.join)(base, name.slice(0, slash));
    const leaf = name.slice(slash + 1);
    const entries = (await files.listFolder(parent)).filter((entry) => entry === leaf || entry.startsWith(`${leaf}@`));
    return entries
        .toSorted((a, b) => scopeRank(a) - scopeRank(b) || (a < b ? -1 : 1))
        .map((entry) => (0,external_node_path_.join)(parent, entry));
}
function scopeRank(entry) {
    const at = entry.indexOf('@');
    if (at < 0)
        return 1;
    const actions = entry.slice(at + 1).split(',');
    return actions.includes('pull') || actions.includes('*') ? 0 : 2;
}
function nonEmpty(value) {
    return value === undefined || value === '' ? null : value;
}
const localFiles = {
    readText: async (path) => {
        try {
            const env_1 = { stack: [], error: void 0, hasError: false };
            try {
                const file = __addDisposableResource(env_1, await (0,external_node_fs_promises_.open)(path, external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NONBLOCK ?? 0)), true);
                const status = await file.stat();
                if (!status.isFile())
                    throw new Error('not a plain file');
                if (status.size > credential_files_MAX_BYTES)
                    throw new Error(`larger than ${credential_files_MAX_BYTES} bytes`);
                return await file.readFile('utf8');
            }
            catch (e_1) {
                env_1.error = e_1;
                env_1.hasError = true;
            }
            finally {
                const result_1 = __disposeResources(env_1);
                if (result_1)
                    await result_1;
            }
        }
        catch (error) {
            if (isAbsent(error))
                return null;
            throw error;
        }
    },
    listFolder: async (path) => {
        try {
            return await (0,external_node_fs_promises_.readdir)(path);
        }
        catch (error) {
            if (isAbsent(error))
                return [];
            throw error;
        }
    },
};
function isAbsent(error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code === 'ENOENT' || code === 'ENOTDIR';
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
;// CONCATENATED MODULE: ./src/credentials/credential-helper.js





const SUFFIX = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const credential_helper_MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 30_000;
function createAskHelper(parts) {
    const { mask, env, timeoutMs = TIMEOUT_MS, signal = new AbortController().signal } = parts;
    return async (suffix, serverKey) => {
        if (!SUFFIX.test(suffix) || suffix.length > 100) {
            throw new domain_errors/* WardenError */.Sh('input', `${JSON.stringify(suffix.slice(0, 40))} is not the name of a credential helper`, {
                advice: 'Correct credsStore or credHelpers in the Docker configuration',
            });
        }
        const program = `docker-credential-${suffix}`;
        const { failure, output } = await run(program, serverKey, env, timeoutMs, signal);
        if (signal.aborted)
            throw new domain_errors/* WardenError */.Sh('deadline', `credential helper ${program} was stopped: the run is over`);
        if (failure === null)
            return readAnswer(program, output, mask);
        if (/^credentials not found/i.test(output.trimStart()))
            return null;
        throw helperError(program, describeFailure(failure, timeoutMs), failure.code === 'ENOENT');
    };
}
function run(program, serverKey, env, timeout, signal) {
    const options = {
        env: withoutSecrets(env),
        maxBuffer: credential_helper_MAX_BYTES,
        killSignal: 'SIGKILL',
        windowsHide: true,
        cwd: (0,external_node_path_.dirname)(process.execPath),
    };
    return new Promise((resolve) => {
        const child = (0,external_node_child_process_.execFile)(program, ['get'], options, (failure, stdout) => {
            clearTimeout(timer);
            signal.removeEventListener('abort', stop);
            resolve({ failure, output: stdout });
        });
        const stop = () => {
            child.kill('SIGKILL');
            child.stdout?.destroy();
            child.stderr?.destroy();
        };
        const timer = setTimeout(stop, timeout);
        if (signal.aborted)
            stop();
        else
            signal.addEventListener('abort', stop, { once: true });
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(serverKey);
    });
}
const OURS = /^(?:INPUT|ACTIONS)_/i;
function withoutSecrets(env) {
    return Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name)));
}
function readAnswer(program, output, mask) {
    const answer = parseHelperAnswer(output);
    if (answer === null)
        throw helperError(program, 'answered something that is not a login');
    const { username, secret } = answer;
    maskLogin(mask, username, secret);
    if (secret === '')
        return null;
    if (username === '<token>')
        return { kind: 'identity', username: null, token: secret };
    return { kind: 'basic', username, password: secret };
}
function describeFailure(failure, timeoutMs) {
    if (failure.code === 'ENOENT')
        return 'is not installed';
    if (failure.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        return `printed more than ${credential_helper_MAX_BYTES} bytes`;
    if ('killed' in failure && failure.killed)
        return `did not answer within ${timeoutMs / 1000} s`;
    return typeof failure.code === 'number' ? `failed (exit code ${failure.code})` : 'could not be run';
}
function helperError(program, what, isMissing = false) {
    const advice = isMissing
        ? 'Install it in an earlier step, remove it from the Docker configuration, or set username and password'
        : 'Run it by hand with the argument `get`, or set username and password';
    return new domain_errors/* WardenError */.Sh('unauthorized', `credential helper ${program} ${what}`, { advice });
}

;// CONCATENATED MODULE: ./src/credentials/keychain.js






function createKeychain(parts) {
    const { env, log, home = (0,external_node_os_.homedir)(), files = localFiles } = parts;
    const mask = createMasker(parts.mask);
    const askHelper = remembered(parts.askHelper ??
        createAskHelper({ mask, env, ...(parts.signal === undefined ? {} : { signal: parts.signal }) }));
    const inputs = parts.login === null ? null : inputCredential(parts.login, mask, log);
    const configs = new Map();
    const known = new Map();
    function configAt(place) {
        const config = configs.get(place.name) ?? loadConfig(place, log);
        configs.set(place.name, config);
        return config;
    }
    async function find(target) {
        if (inputs !== null && target.registry.origin === parts.registry.origin)
            return inputs;
        const looked = [];
        for (const place of await credentialPlaces(target, env, home, files)) {
            const config = await configAt(place);
            if (config === null)
                continue;
            looked.push(place.name);
            const login = await findLogin(config, target, askHelper);
            if (login === null)
                continue;
            const secret = login.kind === 'basic' ? login.password : login.token;
            maskLogin(mask, login.kind === 'bearer' ? '' : (login.username ?? ''), secret);
            return { ...login, source: place.name };
        }
        const own = githubLogin(target, parts.githubToken ?? '', env);
        if (own !== null) {
            maskLogin(mask, own.username, own.password);
            return own;
        }
        const source = looked.length === 0 ? 'any credential file' : looked.join(', ');
        return { kind: 'anonymous', source, ...(inputs === null ? {} : { inputsFor: parts.registry.host }) };
    }
    return (target) => {
        const key = `${target.registry.origin} ${target.path ?? ''}`;
        const credential = known.get(key) ?? find(target);
        known.set(key, credential);
        return credential;
    };
}
function inputCredential(login, mask, log) {
    const password = login.password.replace(/\r?\n$/, '');
    if (password !== login.password)
        log.notice('input password ends with a line break, which was removed');
    maskLogin(mask, login.username, password);
    return { kind: 'basic', username: login.username, password, source: 'the inputs username and password' };
}
async function loadConfig(place, log) {
    try {
        const content = await place.read();
        if (content === null || content.trim() === '')
            return null;
        const config = parseDockerConfig(content);
        if (config === null)
            log.warning(`${place.name} is not a Docker configuration (JSON) and is ignored`);
        for (const problem of config?.problems ?? [])
            log.warning(`${place.name}: entry ${problem} and is ignored`);
        return config;
    }
    catch (error) {
        const why = error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
        log.warning(`${place.name} cannot be read (${why}) and is ignored`);
        return null;
    }
}
async function findLogin(config, target, askHelper) {
    const hosts = hostKeys(target.registry);
    const own = hosts.map((host) => config.helpers.get(host)).find((suffix) => suffix !== undefined);
    const suffix = own ?? config.defaultHelper;
    if (suffix !== null) {
        const login = await askHelper(suffix, hosts[0] === 'docker.io' ? HUB_KEY : target.registry.host);
        if (login !== null)
            return login;
    }
    const key = lookupKeys(target).find((key) => config.logins.has(key));
    return key === undefined ? null : (config.logins.get(key) ?? null);
}
function remembered(ask) {
    const answers = new Map();
    return (suffix, serverKey) => {
        const key = `${suffix} ${serverKey}`;
        const answer = answers.get(key) ?? ask(suffix, serverKey);
        answers.set(key, answer);
        return answer;
    };
}

// EXTERNAL MODULE: ./src/domain/names/api-url.js
var api_url = __webpack_require__(7241);
// EXTERNAL MODULE: ./src/domain/names/registry.js
var names_registry = __webpack_require__(294);
// EXTERNAL MODULE: ./src/domain/quantities/timestamp.js
var timestamp = __webpack_require__(1186);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./src/domain/names/digest.js
var names_digest = __webpack_require__(1225);
// EXTERNAL MODULE: ./src/domain/names/tag.js
var names_tag = __webpack_require__(833);
// EXTERNAL MODULE: ./src/wire/config.js
var wire_config = __webpack_require__(7341);
// EXTERNAL MODULE: ./src/wire/content-digest.js
var content_digest = __webpack_require__(4899);
// EXTERNAL MODULE: ./src/wire/manifest.js + 2 modules
var wire_manifest = __webpack_require__(4248);
// EXTERNAL MODULE: ./src/wire/manifest-type.js
var manifest_type = __webpack_require__(8179);
;// CONCATENATED MODULE: ./src/registry/cache-folder.js




const FORMAT = 'v2';
const EARLIER_FORMATS = ['manifests-v1'];
const DAY = 24 * 60 * 60 * 1000;
const MAX_AGE = 30 * DAY;
const MAX_TOTAL = 256 * 1024 * 1024;
const TIDIED = 'tidied';
const cache_folder_OURS = /^(?:(?:manifests|configs)\/[a-z0-9]+\/[0-9a-f]{2}|tags)\/[0-9a-f]{64,128}(?:\.[0-9a-f-]{36})?$/;
function openCacheFolder(root, log, now = Date.now) {
    const folder = (0,external_node_path_.join)(root, FORMAT);
    const top = (0,external_node_path_.dirname)(folder);
    const plain = new Set();
    let broken = false;
    async function expectPlain(path) {
        if (path === top || plain.has(path))
            return;
        await expectPlain((0,external_node_path_.dirname)(path));
        if (!(await (0,external_node_fs_promises_.lstat)(path)).isDirectory())
            throw new NotPlain();
        plain.add(path);
    }
    function giveUp(error) {
        if (!broken)
            log.warning(`cache-dir ${root} cannot be used (${codeOf(error)}); continuing without it`);
        broken = true;
    }
    async function read(name, maxBytes) {
        if (broken)
            return null;
        try {
            await expectPlain((0,external_node_path_.dirname)((0,external_node_path_.join)(folder, name)));
            return await readPlainFile((0,external_node_path_.join)(folder, name), maxBytes, now());
        }
        catch (error) {
            if (codeOf(error) !== 'ENOENT')
                giveUp(error);
            return null;
        }
    }
    async function makePlain(path) {
        if (path === top)
            return void (await (0,external_node_fs_promises_.mkdir)(path, { recursive: true }));
        await makePlain((0,external_node_path_.dirname)(path));
        await (0,external_node_fs_promises_.mkdir)(path).catch((error) => {
            if (codeOf(error) !== 'EEXIST')
                throw error;
        });
        await expectPlain(path);
    }
    async function write(name, content) {
        if (broken)
            return;
        const file = (0,external_node_path_.join)(folder, name);
        const temporary = `${file}.${(0,external_node_crypto_.randomUUID)()}`;
        try {
            const parent = (0,external_node_path_.dirname)(file);
            if (!plain.has(parent))
                await makePlain(parent);
            await (0,external_node_fs_promises_.writeFile)(temporary, content, { flag: 'wx' });
            await (0,external_node_fs_promises_.rename)(temporary, file);
        }
        catch (error) {
            giveUp(error);
            await (0,external_node_fs_promises_.rm)(temporary, { force: true }).catch(() => undefined);
        }
    }
    async function tidy() {
        try {
            if (broken)
                return;
            await expectPlain(folder);
            const last = await (0,external_node_fs_promises_.lstat)((0,external_node_path_.join)(folder, TIDIED)).catch(() => null);
            if (last !== null && now() - last.mtimeMs < DAY)
                return;
            for (const earlier of EARLIER_FORMATS)
                await (0,external_node_fs_promises_.rm)((0,external_node_path_.join)(root, earlier), { recursive: true, force: true });
            await removeOld(folder, now());
            await write(TIDIED, Buffer.alloc(0));
        }
        catch (error) {
            log.debug(`cache-dir ${root} could not be tidied (${codeOf(error)})`);
        }
    }
    return { read, write, tidy };
}
async function removeOld(folder, now) {
    const files = [];
    for (const entry of await (0,external_node_fs_promises_.readdir)(folder, { recursive: true, withFileTypes: true })) {
        const path = (0,external_node_path_.join)(entry.parentPath, entry.name);
        if (!entry.isFile() || !cache_folder_OURS.test((0,external_node_path_.relative)(folder, path).replaceAll('\\', '/')))
            continue;
        const status = await (0,external_node_fs_promises_.lstat)(path);
        files.push({ path, status });
    }
    let total = 0;
    for (const { path, status } of files.sort((a, b) => b.status.mtimeMs - a.status.mtimeMs)) {
        total += status.size;
        if (total > MAX_TOTAL || now - status.mtimeMs > MAX_AGE)
            await (0,external_node_fs_promises_.rm)(path, { force: true });
    }
}
async function readPlainFile(path, maxBytes, now) {
    const flags = external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NOFOLLOW ?? 0) | (external_node_fs_.constants.O_NONBLOCK ?? 0);
    const file = await (0,external_node_fs_promises_.open)(path, flags);
    try {
        const status = await file.stat();
        if (!status.isFile() || status.size > maxBytes)
            return null;
        if (now - status.mtimeMs > DAY)
            await (0,external_node_fs_promises_.utimes)(path, new Date(now), new Date(now)).catch(() => undefined);
        return await file.readFile();
    }
    finally {
        await file.close();
    }
}
class NotPlain extends Error {
    code = 'ENOTDIR';
}
function codeOf(error) {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

;// CONCATENATED MODULE: ./src/registry/cache.js









const MAX_KEPT_CONFIG = 1024 * 1024;
const MAX_HINTS = 100_000;
const MAX_HINTS_BYTES = 32 * 1024 * 1024;
function createRegistryCache(root, log) {
    const folder = openCacheFolder(root, log);
    const hints = new Map();
    function verified(digest, parse) {
        try {
            return parse();
        }
        catch {
            log.debug(`cache: ${digest} is damaged and will be fetched again`);
            return null;
        }
    }
    return {
        manifest: async (digest, contentType) => {
            const bytes = (0,content_digest/* isVerifiable */.CC)(digest)
                ? await folder.read(fileOf('manifests', digest), wire_manifest/* MAX_MANIFEST_BYTES */.ZJ)
                : null;
            if (bytes === null)
                return null;
            return verified(digest, () => ({
                resolved: (0,wire_manifest/* parseManifest */.Ng)(bytes, contentType, digest),
                bytes,
                namesType: (0,manifest_type/* namesManifestType */.g)(bytes),
            }));
        },
        putManifest: async (digest, bytes) => {
            if ((0,content_digest/* isVerifiable */.CC)(digest))
                await folder.write(fileOf('manifests', digest), bytes);
        },
        config: async (descriptor) => {
            const { digest } = descriptor;
            const bytes = (0,content_digest/* isVerifiable */.CC)(digest)
                ? await folder.read(fileOf('configs', digest), MAX_KEPT_CONFIG)
                : null;
            return bytes === null ? null : verified(digest, () => (0,wire_config/* parseImageConfig */.F)(bytes, descriptor));
        },
        putConfig: async ({ digest }, bytes) => {
            if ((0,content_digest/* isVerifiable */.CC)(digest) && bytes.length <= MAX_KEPT_CONFIG)
                await folder.write(fileOf('configs', digest), bytes);
        },
        tagHints: ({ registry, path }) => {
            const key = (0,external_node_crypto_.createHash)('sha256').update(`${registry.origin}/${path}`).digest('hex');
            const name = (0,external_node_path_.join)('tags', key);
            const known = hints.get(name) ?? createTagHints(() => folder.read(name, MAX_HINTS_BYTES));
            hints.set(name, known);
            return known;
        },
        close: async () => {
            for (const [name, { changed }] of hints) {
                const text = changed();
                if (text !== null)
                    await folder.write(name, Buffer.from(text));
            }
            await folder.tidy();
        },
    };
}
function createTagHints(read) {
    let earlier = null;
    const found = new Map();
    let isChanged = false;
    let before = new Map();
    async function load() {
        const text = (await read())?.toString('latin1') ?? '';
        before = new Map(text.split('\n').flatMap((line) => pairIn(line)));
        return before;
    }
    return {
        get: async (tag) => {
            const digest = found.get(tag) ?? (await (earlier ??= load())).get(tag) ?? '';
            return (0,names_digest/* isDigest */.Bc)(digest) ? digest : null;
        },
        put: (tag, digest) => {
            found.set(tag, digest);
            isChanged ||= before.get(tag) !== digest;
        },
        changed: () => {
            if (!isChanged)
                return null;
            const unused = [...before].filter(([tag]) => (0,names_tag/* isTag */.dz)(tag) && !found.has(tag));
            const lines = [...unused, ...found].slice(-MAX_HINTS);
            return lines.map(([tag, digest]) => `${tag} ${digest}\n`).join('');
        },
    };
}
function pairIn(line) {
    const [tag = '', digest = ''] = line.split(' ');
    return (0,names_tag/* isTag */.dz)(tag) && (0,names_digest/* isDigest */.Bc)(digest) ? [[tag, digest]] : [];
}
function fileOf(kind, digest) {
    const hex = (0,names_digest/* digestHex */.sU)(digest);
    return (0,external_node_path_.join)(kind, (0,names_digest/* digestAlgorithm */.g4)(digest), hex.slice(0, 2), hex);
}

// EXTERNAL MODULE: ./src/domain/names/reference.js
var reference = __webpack_require__(6296);
// EXTERNAL MODULE: ./src/domain/quantities/bytes.js
var bytes = __webpack_require__(3217);
;// CONCATENATED MODULE: ./src/registry/failures.js






function registryFailure(exchange) {
    const { request, response, registry } = exchange;
    const errors = parseRegistryErrors(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type'));
    const kind = kindOf(exchange, errors);
    const said = [[response.status, ...errors.codes].join(' '), errors.text].filter(Boolean).join(': ');
    const phrase = errors.isHtml && kind === 'protocol' ? 'the answer is a web page' : PHRASES[kind];
    return new domain_errors/* WardenError */.Sh(kind, `${request.purpose}: ${phrase} (${said})`, {
        advice: deniedWrite(kind, exchange) ?? adviceFor(kind, registry, errors),
        exchange: failures_factsOf(request, response, errors.codes),
    });
}
function deniedWrite(kind, { request, registry }) {
    if (request.method !== 'DELETE' || (kind !== 'denied' && kind !== 'unauthorized'))
        return null;
    const hint = grantHint(registry) ?? 'give it the permission to delete, or use another one';
    return `This login may read, but not delete; ${hint}`;
}
function failures_readAnswer(exchange, parse) {
    const { request, response, registry } = exchange;
    try {
        return parse(response);
    }
    catch (cause) {
        if (!(cause instanceof domain_errors/* WardenError */.Sh))
            throw cause;
        if (isHtml(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type')))
            throw notARegistry(exchange);
        throw new domain_errors/* WardenError */.Sh(cause.kind, `${request.purpose}: ${cause.message}`, {
            advice: cause.advice ?? adviceFor(cause.kind, registry, null),
            exchange: failures_factsOf(request, response, []),
            cause,
        });
    }
}
function notARegistry({ request, response, registry }) {
    const from = response.url.host === request.url.host ? '' : ` after a redirect to ${response.url.host}`;
    return new domain_errors/* WardenError */.Sh('protocol', `${request.purpose}: the answer is a web page${from}; ${registry.host} is not a registry`, { advice: WEB_PAGE, exchange: failures_factsOf(request, response, []) });
}
function kindOf({ response: { status }, subject }, { codes, text, isHtml }) {
    if (status === 401)
        return 'unauthorized';
    if (status === 429 || codes.includes('TOOMANYREQUESTS'))
        return 'rate-limit';
    if (status === 403 || status === 451)
        return 'denied';
    if ((status === 404 || status === 410) && (isHtml || NOT_OF_THIS_TYPE.test(text ?? '')))
        return 'protocol';
    if (status === 404 || status === 410)
        return missing(subject, codes);
    if (status === 405 || status === 501 || codes.includes('UNSUPPORTED'))
        return 'unsupported';
    if (status >= 500)
        return 'server';
    return codes.includes('NAME_INVALID') ? 'input' : 'protocol';
}
const NOT_OF_THIS_TYPE = /\bfound, but accept header\b/i;
function missing(subject, codes) {
    if (subject === 'catalog')
        return 'unsupported';
    return subject === 'tags' || codes.includes('NAME_UNKNOWN') ? 'not-found-repository' : 'not-found';
}
const PHRASES = {
    input: 'the registry does not accept this name',
    network: 'the connection failed',
    tls: 'the certificate is not trusted',
    unauthorized: 'the registry asks for a login',
    denied: 'not permitted',
    'not-found': 'not found',
    'not-found-repository': 'the registry has no such repository',
    'rate-limit': 'too many requests',
    unsupported: 'the registry does not offer this',
    protocol: 'unexpected answer',
    integrity: 'the content does not match its digest',
    deadline: 'out of time',
    server: 'the registry failed',
};
const WEB_PAGE = 'Check host, port and path; a proxy or login page in front of the registry must let clients through';
function adviceFor(kind, registry, errors) {
    const { rateLimitAdvice, noRepositoryAdvice } = (0,vendors/* vendorOf */.AK)(registry);
    if (errors?.isHtml && kind === 'protocol')
        return WEB_PAGE;
    switch (kind) {
        case 'denied':
            return `The credentials lack this permission${withHint(grantHint(registry))}`;
        case 'unauthorized':
            return 'Log in before this step, or set username and password';
        case 'rate-limit':
            return rateLimitAdvice ?? 'Lower concurrency, or run again later';
        case 'not-found-repository':
            return (noRepositoryAdvice ??
                'Check the path; a prefix may be missing (project, repository key, or library/ for mirrors of official images)');
        case 'server':
            return 'The registry is at fault; run again later';
        default:
            return null;
    }
}
function withHint(hint) {
    return hint === null ? '' : `; ${hint}`;
}
function failures_factsOf({ method, url }, { status }, codes) {
    return { method, url: printableUrl(url), status, codes };
}

;// CONCATENATED MODULE: ./src/registry/endpoint.js


const ACCEPT_MANIFESTS = { accept: [...media_type/* MANIFEST_TYPES */._P, '*/*;q=0.1'].join(', ') };
function createAsk(send, observe, target, namedBy) {
    const { registry, path } = target;
    const base = path === null ? '/v2/' : `/v2/${path}/`;
    return async ({ resource, query = '', subject, method = 'GET', ...rest }) => {
        const url = new URL(base + resource, registry.origin);
        url.search = query;
        const request = { ...rest, ...(namedBy === undefined ? {} : { namedBy }), method, url };
        const response = await send({ ...request, repository: target });
        observe(registry, response);
        return { request, response, registry, subject };
    };
}
async function askFor(ask, question) {
    const exchange = await ask(question);
    if (exchange.response.status !== 200)
        throw registryFailure(exchange);
    return exchange;
}

;// CONCATENATED MODULE: ./src/registry/blobs.js







const FIRST_BYTE = { range: 'bytes=0-0' };
function createBlobs({ ask, repository, configs, sizes, cache }) {
    const where = `${repository.registry.origin}/${repository.path}`;
    function question(digest, what, maxBytes) {
        const purpose = `${what} of ${(0,reference/* formatRepository */.Sh)(repository)}@${digest}`;
        return { resource: `blobs/${digest}`, subject: 'blob', maxBytes, purpose };
    }
    async function readConfig(descriptor) {
        const asked = question(descriptor.digest, 'config', wire_config/* MAX_CONFIG_BYTES */.G);
        if (descriptor.size > wire_config/* MAX_CONFIG_BYTES */.G) {
            throw new domain_errors/* WardenError */.Sh('protocol', `${asked.purpose}: ${descriptor.size} bytes are too many for a config`);
        }
        const cached = await cache?.config(descriptor);
        if (cached)
            return cached;
        const exchange = await askFor(ask, asked);
        const config = failures_readAnswer(exchange, ({ body }) => (0,wire_config/* parseImageConfig */.F)(body, descriptor));
        await cache?.putConfig(descriptor, exchange.response.body);
        return config;
    }
    async function readSize(digest) {
        const asked = { ...question(digest, 'blob', Number.MAX_SAFE_INTEGER), responseBody: 'discard' };
        const { response } = await ask({ ...asked, method: 'HEAD' });
        const size = response.status === 200 ? contentLength(response) : null;
        if (size !== null && size > 0)
            return size;
        return sizeOfRange(await ask({ ...asked, headers: FIRST_BYTE }));
    }
    async function has(digest) {
        const asked = question(digest, 'blob', Number.MAX_SAFE_INTEGER);
        const exchange = await ask({ ...asked, responseBody: 'discard', headers: FIRST_BYTE });
        const { status } = exchange.response;
        if (status === 200 || status === 206 || status === 416)
            return true;
        if (status === 404 || status === 410)
            return false;
        throw registryFailure(exchange);
    }
    return {
        has,
        config: (descriptor) => configs.get(`${where}@${descriptor.digest}:${descriptor.size}`, () => readConfig(descriptor)),
        size: (digest) => sizes.get(`${where}@${digest}`, () => readSize(digest)),
    };
}
function sizeOfRange(exchange) {
    const { request, response } = exchange;
    if (![200, 206, 416].includes(response.status))
        throw registryFailure(exchange);
    const size = response.status === 200 ? contentLength(response) : rangeTotal(response);
    if (size === null)
        throw new domain_errors/* WardenError */.Sh('protocol', `${request.purpose}: the registry does not report the blob's size`);
    return size;
}
const COUNT = /^\d{1,15}$/;
function contentLength(response) {
    const encoding = (0,transport_headers/* headerValue */.Z)(response, 'content-encoding')?.trim().toLowerCase() ?? '';
    const length = (0,transport_headers/* headerValue */.Z)(response, 'content-length')?.trim() ?? '';
    if ((encoding !== '' && encoding !== 'identity') || !COUNT.test(length))
        return null;
    return (0,bytes/* asBytes */.Yd)(Number(length));
}
function rangeTotal(response) {
    const total = ((0,transport_headers/* headerValue */.Z)(response, 'content-range') ?? '').split('/')[1]?.trim() ?? '';
    return COUNT.test(total) ? (0,bytes/* asBytes */.Yd)(Number(total)) : null;
}

// EXTERNAL MODULE: ./src/transport/rate-limit.js
var rate_limit = __webpack_require__(5093);
;// CONCATENATED MODULE: ./src/registry/deletes.js










const AFTER_UNKNOWN = 1_000;
const UNKNOWN_STATUSES = new Set([408, 499, 500, 502, 503, 504, 522]);
function createDelete({ ask, repository, head }) {
    return async (name, patience) => {
        try {
            const exchange = await ask({
                method: 'DELETE',
                resource: `manifests/${name}`,
                headers: ACCEPT_MANIFESTS,
                maxBytes: 64 * 1024,
                ...(patience === 'wait' ? { repeat: 'always' } : {}),
                subject: 'manifest',
                purpose: `deletion of ${(0,reference/* formatRepository */.Sh)(repository)}${(0,names_digest/* isDigest */.Bc)(name) ? '@' : ':'}${name}`,
            });
            const verdict = judge(exchange, name);
            if (verdict === 'done' || verdict === 'gone')
                return { kind: verdict, error: null };
            const error = registryFailure(exchange);
            const wait = waitOf(exchange.response);
            if (wait !== null)
                return { kind: 'again', wait, error };
            if (verdict === 'unclear')
                return await lookAgain(name, exchange.response.status, error);
            return { kind: verdict, error };
        }
        catch (error) {
            if (!(error instanceof domain_errors/* WardenError */.Sh))
                throw error;
            if (isUnknownEnd(error))
                return again(error);
            return { kind: deletes_isRefusal(error) ? 'denied' : 'failed', error };
        }
    };
    async function lookAgain(name, status, error) {
        const isThere = (await head(name)) !== null;
        if (!isThere)
            return { kind: status === 404 ? 'gone' : 'done', error: null };
        if (isUnknownStatus(status))
            return again(error);
        return { kind: status === 404 ? 'unsupported' : 'failed', error };
    }
}
function again(error) {
    return { kind: 'again', wait: AFTER_UNKNOWN, error };
}
function isUnknownStatus(status) {
    return UNKNOWN_STATUSES.has(status);
}
function isUnknownEnd({ kind }) {
    return kind === 'network' || kind === 'deadline';
}
function waitOf(response) {
    const limit = (0,rate_limit/* rateLimitOf */.t)(response, 'any', (0,timestamp/* asTimestamp */.ZL)(Date.now()));
    return limit === null ? null : (limit.asked ?? AFTER_UNKNOWN);
}
function judge({ response, registry }, name) {
    const { status } = response;
    const errors = parseRegistryErrors(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type'));
    const has = (code) => errors.codes.includes(code);
    if (status === 200 || status === 202 || status === 204)
        return errors.isHtml ? 'failed' : 'done';
    const { codes, text } = errors;
    const refused = { status, byDigest: (0,names_digest/* isDigest */.Bc)(name), codes, text: text ?? '' };
    const meaning = (0,vendors/* vendorOf */.AK)(registry).readRefusal?.(refused) ?? null;
    if (meaning !== null)
        return meaning;
    if (status === 404 || status === 410)
        return has('MANIFEST_UNKNOWN') || has('BLOB_UNKNOWN') ? 'gone' : 'unclear';
    if (status === 409)
        return 'referenced';
    if (status === 405) {
        if (has('DENIED'))
            return 'referenced';
        return 'unsupported';
    }
    if (status === 501 || has('UNSUPPORTED'))
        return 'unsupported';
    if (status === 400)
        return (0,names_digest/* isDigest */.Bc)(name) ? 'failed' : 'unsupported';
    if (status === 401 || status === 403)
        return 'denied';
    return status >= 500 || isUnknownStatus(status) ? 'unclear' : 'failed';
}
function deletes_isRefusal({ kind }) {
    return kind === 'denied' || kind === 'unauthorized';
}

// EXTERNAL MODULE: ./src/wire/link.js
var wire_link = __webpack_require__(6483);
;// CONCATENATED MODULE: ./src/wire/tags.js






const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const listOf = (field) => schemas/* object */.Ikc({ [field]: schemas/* array */.YOg(schemas/* unknown */.L5J()).nullish() }).transform((wire) => wire[field] ?? []);
const TAGS = listOf('tags');
const REPOSITORIES = listOf('repositories');
function parseTagPage(bytes) {
    const body = (0,json/* parseJsonObject */.dw)(bytes, 'the list of tags');
    const entries = (0,json/* readAs */.fd)(TAGS, body, 'the list of tags');
    const tags = entries.filter(isTagEntry);
    return {
        tags: [...new Set(tags)],
        ...pageOf(entries),
        dropped: entries.length - tags.length,
        strange: entries.filter(isStrange).map((entry) => (0,domain_text/* sanitiseLine */.lg)(String(entry), 128)),
        ...uploadsOf(body['manifest']),
    };
}
function parseCatalogPage(bytes) {
    return pageOf((0,json/* readAs */.fd)(REPOSITORIES, (0,json/* parseJsonObject */.dw)(bytes, 'the catalog'), 'the catalog'));
}
function pageOf(entries) {
    const names = entries.filter((entry) => typeof entry === 'string');
    return { length: entries.length, names, last: names.at(-1) ?? null };
}
function isStrange(entry) {
    if (typeof entry !== 'string')
        return entry !== null;
    return entry !== '' && !(0,names_tag/* isTag */.dz)(entry) && !(0,names_digest/* isDigest */.Bc)(entry);
}
function isTagEntry(entry) {
    return typeof entry === 'string' && (0,names_tag/* isTag */.dz)(entry);
}
const MILLISECONDS = /^\d{1,15}$/;
const milliseconds = schemas/* string */.YjP()
    .transform((text) => (MILLISECONDS.test(text) ? (0,timestamp/* believed */.ty)(Number(text)) : null))
    .nullish()
    .catch(null);
const uploadSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    timeUploadedMs: milliseconds,
    timeCreatedMs: milliseconds,
    tag: schemas/* array */.YOg(schemas/* unknown */.L5J()).nullish(),
}));
function uploadsOf(manifests) {
    const uploads = new Map();
    if (!(0,json/* isObject */.Gv)(manifests))
        return { uploads, unread: manifests === undefined || manifests === null ? 0 : 1 };
    const entries = Object.entries(manifests);
    for (const [digest, value] of entries) {
        const wire = uploadSchema.safeParse(value).data;
        if (wire === undefined || !(0,names_digest/* isDigest */.Bc)(digest))
            continue;
        const names = wire.tag ?? [];
        const tags = names.filter(isTagEntry);
        if (names.length > 0 && tags.length === 0)
            continue;
        uploads.set(digest, {
            uploaded: wire.timeUploadedMs ?? null,
            created: wire.timeCreatedMs ?? null,
            tags,
        });
    }
    return { uploads, unread: entries.length - uploads.size };
}

;// CONCATENATED MODULE: ./src/registry/paging.js
function startOfTrail(size, room = 0) {
    return { asked: 'first', size, useful: size, fullest: 0, end: 0, room, isLimited: false };
}
function decidePaging(trail, answer, ways) {
    if (answer === 'refused')
        return judgeEnd(trail, null, ways);
    const { length, added, next } = answer;
    const isNew = added > 0;
    if (!isNew && answer.goesOn === true)
        return PROVEN;
    if (typeof next === 'string') {
        if (!isNew && (trail.asked === 'closing' || trail.asked === 'smallest'))
            return judgeEnd(trail, answer, ways);
        const fullest = Math.max(trail.fullest, length);
        const { end, useful } = isNew ? { end: length, useful: trail.size } : trail;
        const asked = trail.asked === 'wider' && !isNew ? 'wider' : 'next';
        return ask({ query: next, size: trail.size }, { ...trail, asked, fullest, end, useful });
    }
    if (isNew) {
        const isLimited = trail.isLimited || trail.asked === 'smallest';
        return closeAfter({ ...trail, isLimited, end: length, useful: trail.size }, answer, ways);
    }
    const isNoEnd = !ways.isOrdered && length < trail.end;
    const isByChance = length === 0 && trail.fullest === 0 && isFull(trail.end, trail);
    if (trail.asked === 'closing' && ways.smallest !== null && (isNoEnd || isByChance))
        return ask(ways.smallest, { ...trail, asked: 'smallest' });
    if (trail.asked === 'smallest')
        return judgeEnd(trail, null, ways);
    if (length > 0 || trail.asked === 'wider')
        return judgeEnd(trail, answer, ways);
    return ways.isOrdered ? PROVEN : judgeEnd(trail, null, ways);
}
const PROVEN = { kind: 'proven' };
function ask(query, trail) {
    return { kind: 'ask', query, trail: { ...trail, size: query.size } };
}
function closeAfter(trail, { next }, ways) {
    if (next === null)
        return PROVEN;
    if (ways.closes === 'when-full' && !isFull(trail.end, trail))
        return PROVEN;
    if (ways.closing === null)
        return judgeEnd(trail, null, ways);
    return ask(ways.closing, { ...trail, asked: 'closing' });
}
function judgeEnd(trail, repeated, ways) {
    if (trail.asked !== 'wider' && !trail.isLimited && !looksCut(trail, repeated))
        return PROVEN;
    const [wider] = ways.wider;
    return wider === undefined ? { kind: 'cut' } : ask(wider, { ...trail, asked: 'wider' });
}
function looksCut(trail, repeated) {
    if (repeated === null)
        return isFull(trail.end, trail);
    const { length, next } = repeated;
    if (typeof next === 'string')
        return isFull(trail.end, trail);
    return isFull(length, trail) || (length >= trail.end && isFull(trail.end, trail));
}
const USUAL_LIMITS = new Set([50, 100, 200, 250, 500]);
function isFull(length, { size, fullest, room }) {
    if (length === 0 || length < room)
        return false;
    return length === size || length === fullest || USUAL_LIMITS.has(length) || length % 1000 === 0;
}

;// CONCATENATED MODULE: ./src/registry/name-order.js
const NO_NAMES = { names: [], byBytes: true, byLetters: true, smallestAt: -1 };
function orderAfter(order, page) {
    const names = [...order.names];
    let { byBytes, byLetters, smallestAt } = order;
    for (const name of page) {
        const last = names.at(-1);
        if (last !== undefined) {
            byBytes &&= last <= name;
            byLetters &&= last.toLowerCase() <= name.toLowerCase();
        }
        if (name < (names[smallestAt] ?? '\uffff'))
            smallestAt = names.length;
        names.push(name);
    }
    return { names, byBytes, byLetters, smallestAt };
}
function followsSmallest({ names, smallestAt }, page) {
    return page.length > 0 && page.every((name, at) => name === names[smallestAt + 1 + at]);
}

;// CONCATENATED MODULE: ./src/registry/pages.js



const DEFAULT_PAGE_LIMITS = { pages: 10_000, entries: 500_000, idlePages: 20 };
const TOO_LARGE = 413;
const REFUSES_SIZE = new Set([400, 405, TOO_LARGE, 414, 416, 422, 501]);
const REFUSES_CURSOR = new Set([400, 404, 405, 414, 416, 422, 501]);
async function readPages(listing) {
    const asked = new Set();
    let { exchange, size } = await firstPage(listing, asked);
    let at = {
        trail: startOfTrail(size, listing.room),
        last: null,
        entries: 0,
        idle: 0,
        order: NO_NAMES,
    };
    for (;;) {
        let paging = exchange.response.status === TOO_LARGE ? fewerFrom(listing, at) : null;
        if (paging === null) {
            const answer = answerOf(listing, exchange, at.trail.asked, asked);
            if (answer !== 'refused')
                at = moved(at, answer);
            paging = decidePaging(at.trail, placed(answer, at), waysFrom(listing, at, asked));
        }
        if (paging.kind === 'proven')
            return paging;
        if (paging.kind === 'cut')
            return { kind: 'cut', entries: at.entries };
        const { query } = paging.query;
        asked.add(query);
        checkLimits(listing, at, asked.size);
        exchange = await listing.fetch(query);
        at = { ...at, trail: paging.trail };
    }
}
async function firstPage({ first, fetch }, asked) {
    const [head, ...others] = first;
    if (head === undefined)
        throw new Error('a list has a first page');
    let size = head.size;
    asked.add(head.query);
    let exchange = await fetch(head.query);
    for (const other of others) {
        if (!REFUSES_SIZE.has(exchange.response.status))
            break;
        size = other.size;
        asked.add(other.query);
        exchange = await fetch(other.query);
    }
    return { exchange, size };
}
function answerOf(listing, exchange, why, asked) {
    const { status } = exchange.response;
    if ((why === 'closing' || why === 'smallest') && REFUSES_CURSOR.has(status))
        return 'refused';
    if (why === 'wider' && REFUSES_SIZE.has(status))
        return 'refused';
    if (status !== 200)
        throw listing.failure(exchange);
    const page = listing.take(exchange);
    if (typeof page.next !== 'string' || !asked.has(page.next))
        return page;
    if (why === 'first' || why === 'next')
        throw endless(listing, 'its pages form a loop');
    return (why === 'closing' || why === 'smallest') && page.added === 0 ? page : { ...page, next: undefined };
}
function placed(answer, { trail, order }) {
    if (answer === 'refused' || trail.asked !== 'smallest')
        return answer;
    return { ...answer, goesOn: followsSmallest(order, answer.names ?? []) };
}
function moved(at, { added, last, names = [] }) {
    return {
        ...at,
        order: added === 0 ? at.order : orderAfter(at.order, names),
        last: last ?? at.last,
        entries: at.entries + added,
        idle: added === 0 ? at.idle + 1 : 0,
    };
}
function fewerFrom({ first, closing }, { trail, last }) {
    if (trail.asked === 'wider' || trail.size === null)
        return null;
    const smaller = first.find(({ size }) => size !== null && size < (trail.size ?? 0));
    const query = smaller === undefined || last === null ? null : closing(last, smaller.size);
    return query === null ? null : { kind: 'ask', query, trail: { ...trail, size: query.size } };
}
function waysFrom({ closing, closes, wider }, { trail, last, order }, asked) {
    const unasked = (name) => {
        const query = closing(name, trail.size);
        return query === null || asked.has(query.query) ? null : query;
    };
    const isOrdered = order.byBytes || order.byLetters;
    const smallest = order.names[order.smallestAt] ?? null;
    return {
        closing: unasked(last),
        smallest: unasked(smallest),
        isOrdered,
        closes,
        wider: wider(trail.useful).filter(({ query }) => !asked.has(query)),
    };
}
function checkLimits(listing, { entries, idle }, pages) {
    const limits = listing.limits ?? DEFAULT_PAGE_LIMITS;
    if (pages <= limits.pages && entries <= limits.entries && idle < limits.idlePages)
        return;
    throw endless(listing, `${entries} entries on ${pages} pages and no end`);
}
function cutList(purpose, entries, what) {
    return new domain_errors/* WardenError */.Sh('protocol', `${purpose}: the list may be cut off: its ${entries} entries are exactly a full page, and no request shows more`, { advice: `Push or delete one ${what}, so that the number shows whether the list is complete` });
}
function endless({ purpose }, how) {
    return new domain_errors/* WardenError */.Sh('protocol', `${purpose}: the list does not end: ${how}`, {
        advice: 'The registry, or a proxy in front of it, pages wrongly',
    });
}

;// CONCATENATED MODULE: ./src/registry/listings.js







const SIZES = [1000, 100, null];
const LARGEST_SIZE = 1_000_000;
async function readTags(ask, repository, { limits = DEFAULT_PAGE_LIMITS, onTags = () => undefined, room = 0 } = {}) {
    const tags = [];
    const uploads = new Map();
    let dropped = 0;
    let fullest = room;
    let unread = 0;
    const strange = new Set();
    const names = new Set();
    const { listsManifests = false } = (0,vendors/* vendorOf */.AK)(repository.registry);
    const maxBytes = listsManifests ? MAX_PAGE_BYTES * 8 : MAX_PAGE_BYTES;
    const purpose = `tags of ${(0,reference/* formatRepository */.Sh)(repository)}`;
    const completeness = await readPages({
        ...pagedByName(ask, { resource: 'tags/list', subject: 'tags', maxBytes, purpose }, (body) => {
            const page = parseTagPage(body);
            fullest = Math.max(fullest, page.length);
            const fresh = page.tags.filter((tag) => !names.has(tag));
            const added = addAll(names, page.names);
            for (const tag of fresh)
                tags.push(tag);
            unread = Math.max(unread, page.unread);
            page.uploads.forEach((upload, digest) => uploads.set(digest, upload));
            if (uploads.size > limits.entries)
                throw tooMany(purpose);
            if (added > 0 || names.size === 0)
                dropped += page.dropped;
            page.strange.forEach((name) => strange.add(name));
            if (fresh.length > 0)
                onTags(fresh);
            return { ...page, added };
        }),
        limits,
        room,
    });
    const doubt = doubtOf(completeness, purpose, 'tag');
    return { tags, dropped, strange: [...strange], uploads, unread, doubt, room: fullest };
}
async function readCatalog(ask, host) {
    const names = new Set();
    const purpose = `catalog of ${host}`;
    const question = { resource: '_catalog', subject: 'catalog', maxBytes: MAX_PAGE_BYTES, purpose };
    const completeness = await readPages(pagedByName(ask, question, (body) => {
        const page = parseCatalogPage(body);
        return { ...page, added: addAll(names, page.names) };
    }));
    return { repositories: [...names], doubt: doubtOf(completeness, purpose, 'repository') };
}
function pagedByName(ask, question, take) {
    const sized = (size) => ({ query: size === null ? '' : `n=${size}`, size });
    return {
        purpose: question.purpose,
        fetch: fetchPage(ask, question),
        take: (exchange) => failures_readAnswer(exchange, ({ body, headers }) => {
            const next = (0,wire_link/* nextPageQuery */.X)(headers.get('link') ?? []) ?? undefined;
            return { ...take(body), next };
        }),
        failure: registryFailure,
        first: SIZES.map(sized),
        closing: (last, size) => {
            if (last === null)
                return null;
            const from = `last=${encodeURIComponent(last)}`;
            return { query: size === null ? from : `n=${size}&${from}`, size };
        },
        closes: 'always',
        wider: (size) => {
            const larger = (size ?? 1000) * 10;
            return [sized(null), ...(larger > LARGEST_SIZE ? [] : [sized(larger)])];
        },
    };
}
function addAll(names, entries) {
    const before = names.size;
    for (const entry of entries)
        names.add(entry);
    return names.size - before;
}
function doubtOf(completeness, purpose, what) {
    return completeness.kind === 'proven' ? null : cutList(purpose, completeness.entries, what);
}
function fetchPage(ask, question) {
    let accept = 'application/json';
    return async (query) => {
        const exchange = await ask({ ...question, query, headers: { accept } });
        if (exchange.response.status !== 406 || accept === '*/*')
            return exchange;
        accept = '*/*';
        return ask({ ...question, query, headers: { accept } });
    };
}
function tooMany(purpose) {
    return new domain_errors/* WardenError */.Sh('protocol', `${purpose}: the list describes more manifests than it may have entries`);
}

;// CONCATENATED MODULE: ./src/registry/manifests.js









function createManifests(parts) {
    const { ask, repository, cache, forDeletes, memory } = parts;
    const tagsUnderWay = new Map();
    const complain = createComplaints(parts);
    const hints = cache?.tagHints(repository) ?? null;
    const seen = new Set();
    let headTells = false;
    async function fetch(name) {
        const expected = (0,names_digest/* isDigest */.Bc)(name) ? name : null;
        const exchange = await askFor(ask, manifests_questionFor(repository, name));
        const { body } = exchange.response;
        const contentType = (0,transport_headers/* headerValue */.Z)(exchange.response, 'content-type');
        const resolved = failures_readAnswer(exchange, () => (0,wire_manifest/* parseManifest */.Ng)(body, contentType, expected));
        complain(name, resolved, exchange.response);
        remember(name, resolved);
        seen.add(resolved.digest);
        parts.bytes?.put(keyOf(repository, resolved.digest), {
            mediaType: contentType ?? resolved.manifest.mediaType,
            bytes: body,
        });
        await cache?.putManifest(resolved.digest, body);
        return resolved;
    }
    function remember(name, resolved) {
        memory.put(keyOf(repository, resolved.digest), resolved);
        if (!(0,names_digest/* isDigest */.Bc)(name))
            hints?.put(name, resolved.digest);
        return resolved;
    }
    async function recall(digest) {
        const known = memory.peek(keyOf(repository, digest));
        if (known !== undefined)
            return known;
        const cached = (await cache?.manifest(digest, null)) ?? null;
        return cached !== null && (cached.namesType || !forDeletes) ? cached.resolved : null;
    }
    async function recallAs({ digest, type }) {
        const known = await recall(digest);
        if (known !== null)
            return known;
        return type === null ? null : ((await cache?.manifest(digest, type))?.resolved ?? null);
    }
    function byDigest(digest, isKnown) {
        return memory.get(keyOf(repository, digest), async () => {
            const known = isKnown || !forDeletes ? await recall(digest) : null;
            if (known !== null)
                return known;
            const isCached = forDeletes && ((await cache?.manifest(digest, null)) ?? null) !== null;
            const told = isCached ? await tell(digest) : null;
            return (told === null ? null : await recallAs(told)) ?? fetch(digest);
        });
    }
    async function byTag(tag, known) {
        const believed = known === null ? null : await recall(known);
        if (believed !== null)
            return believed;
        const last = (await hints?.get(tag)) ?? null;
        const isWorthHead = last !== null && ((await cache?.manifest(last, null)) ?? null) !== null;
        const told = isWorthHead ? await tell(tag) : null;
        const found = told === null || told.digest !== last ? null : await recallAs(told);
        return found === null ? fetch(tag) : remember(tag, found);
    }
    function byTagShared(tag, known) {
        const pending = tagsUnderWay.get(tag) ?? byTag(tag, known).finally(() => tagsUnderWay.delete(tag));
        tagsUnderWay.set(tag, pending);
        return pending;
    }
    async function tell(name) {
        const told = await askHead(name);
        return told === 'not-found' ? null : told;
    }
    async function askHead(name) {
        const { response } = await ask({ ...manifests_questionFor(repository, name), method: 'HEAD' });
        const type = (0,transport_headers/* headerValue */.Z)(response, 'content-type');
        if (response.status === 404)
            return 'not-found';
        if (response.status !== 200 || isHtml(response.body, type))
            return null;
        const digest = (0,names_digest/* isDigest */.Bc)(name) ? name : claimedDigest(response);
        if (digest === null)
            return null;
        headTells = true;
        seen.add(digest);
        return { digest, type };
    }
    async function head(name, expected) {
        const told = await askHead(name);
        if (told !== null && told !== 'not-found')
            return told.digest;
        if (told === 'not-found' && expected === 'gone' && headTells)
            return null;
        try {
            return (await fetch(name)).digest;
        }
        catch (error) {
            if (isGone(error))
                return null;
            throw error;
        }
    }
    async function stored(digest) {
        const known = parts.bytes?.peek(keyOf(repository, digest));
        if (known !== undefined)
            return known;
        const cached = (await cache?.manifest(digest, null)) ?? null;
        if (cached !== null && cached.namesType)
            return { mediaType: cached.resolved.manifest.mediaType, bytes: cached.bytes };
        const exchange = await askFor(ask, manifests_questionFor(repository, digest));
        const { body, headers } = exchange.response;
        const contentType = headers.get('content-type')?.[0] ?? null;
        const { manifest } = failures_readAnswer(exchange, () => (0,wire_manifest/* parseManifest */.Ng)(body, contentType, digest));
        return { mediaType: contentType ?? manifest.mediaType, bytes: body };
    }
    return {
        stored,
        read: (name, known) => (0,names_digest/* isDigest */.Bc)(name) ? byDigest(name, known === name) : byTagShared(name, known ?? null),
        head,
        exists: async (digest) => seen.has(digest) || (await head(digest)) !== null,
    };
}
function isGone(error) {
    return error instanceof domain_errors/* WardenError */.Sh && (error.kind === 'not-found' || error.kind === 'not-found-repository');
}
function manifests_questionFor(repository, name) {
    const separator = (0,names_digest/* isDigest */.Bc)(name) ? '@' : ':';
    return {
        resource: `manifests/${name}`,
        headers: ACCEPT_MANIFESTS,
        maxBytes: wire_manifest/* MAX_MANIFEST_BYTES */.ZJ,
        subject: 'manifest',
        purpose: `manifest of ${(0,reference/* formatRepository */.Sh)(repository)}${separator}${name}`,
    };
}
function keyOf({ registry, path }, digest) {
    return `${registry.origin}/${path}@${digest}`;
}
function claimedDigest(response) {
    const claimed = (0,transport_headers/* headerValue */.Z)(response, 'docker-content-digest')?.trim() ?? '';
    return (0,names_digest/* isDigest */.Bc)(claimed) ? claimed : null;
}
function createComplaints({ repository, log }) {
    const where = (0,reference/* formatRepository */.Sh)(repository);
    const said = new Set();
    const sayOnce = (kind, say) => {
        if (!said.has(kind))
            say();
        said.add(kind);
    };
    return (name, { digest, manifest }, response) => {
        if (!(0,content_digest/* isVerifiable */.CC)(digest)) {
            const algorithm = (0,names_digest/* digestAlgorithm */.g4)(digest);
            sayOnce(algorithm, () => log.notice(`${where}@${digest}: ${algorithm} cannot be computed here; content not verified`));
        }
        const claimed = claimedDigest(response);
        if ((0,names_digest/* isDigest */.Bc)(name) || claimed === null || claimed === digest || manifest.kind === 'schema1')
            return;
        if ((0,content_digest/* hasDigest */.tH)(response.body, claimed) !== false)
            return;
        sayOnce('header', () => log.warning(`${where}:${name}: the registry says ${claimed}, the content is ${digest}; going by the content`));
    };
}

;// CONCATENATED MODULE: ./src/registry/layer-store.js




const PASSING = new Set(['network', 'deadline', 'server']);
const MOST_BREAKS = 5;
const MAX_ERROR_BYTES = 64 * 1024;
function createLayerStore(ask, repository) {
    async function* open(blob, range) {
        const end = range?.end ?? blob.size;
        let at = range?.start ?? 0;
        for (let breaks = 0;; breaks += 1) {
            try {
                const stream = await request(blob, range === null && at === 0 ? null : { start: at, end });
                try {
                    for await (const chunk of stream.chunks) {
                        at += chunk.length;
                        yield chunk;
                    }
                }
                finally {
                    stream.cancel();
                }
                return;
            }
            catch (error) {
                const isPassing = error instanceof domain_errors/* WardenError */.Sh && PASSING.has(error.kind);
                if (!isPassing || breaks >= MOST_BREAKS || at >= end)
                    throw error;
            }
        }
    }
    async function request({ digest }, range) {
        const question = {
            resource: `blobs/${digest}`,
            subject: 'blob',
            purpose: `layer ${(0,reference/* formatRepository */.Sh)(repository)}@${digest}`,
            maxBytes: MAX_ERROR_BYTES,
            responseBody: 'stream',
            ...(range === null ? {} : { headers: { range: `bytes=${range.start}-${range.end - 1}` } }),
        };
        const exchange = await ask(question);
        const { response } = exchange;
        const { stream } = response;
        if (stream === undefined)
            throw registryFailure(exchange);
        const isAsked = range === null ? response.status === 200 : isPart(response, range);
        if (isAsked)
            return stream;
        stream.cancel();
        throw new domain_errors/* WardenError */.Sh('unsupported', `${question.purpose}: the registry sends no part of a blob`);
    }
    return { isLocal: false, isExact: true, open };
}
function isPart(response, { start }) {
    const sent = /^bytes (\d{1,16})-/.exec((0,transport_headers/* headerValue */.Z)(response, 'content-range') ?? '')?.[1];
    return response.status === 206 && sent !== undefined && Number(sent) === start;
}

;// CONCATENATED MODULE: ./src/registry/memory.js
function createMemory(capacity, weigh) {
    const known = new Map();
    const underWay = new Map();
    let weight = 0;
    function peek(key) {
        const value = known.get(key);
        if (value === undefined)
            return undefined;
        known.delete(key);
        known.set(key, value);
        return value;
    }
    function forget(key) {
        const value = known.get(key);
        if (value === undefined)
            return;
        known.delete(key);
        weight -= weigh(value);
    }
    function put(key, value) {
        forget(key);
        known.set(key, value);
        weight += weigh(value);
        for (const oldest of known.keys()) {
            if (weight <= capacity)
                break;
            forget(oldest);
        }
    }
    async function fetch(key, load) {
        try {
            const value = await load();
            put(key, value);
            return value;
        }
        finally {
            underWay.delete(key);
        }
    }
    async function get(key, load) {
        const value = peek(key);
        if (value !== undefined)
            return value;
        const pending = underWay.get(key) ?? fetch(key, load);
        underWay.set(key, pending);
        return pending;
    }
    return { get, put, peek };
}

;// CONCATENATED MODULE: ./src/wire/warning.js

const warning_MAX_LENGTH = 4096;
const warning_MAX_TEXT = 300;
const WARNING = /^299 - "((?:[^"\\]|\\.)*)"$/s;
function parseWarning(header) {
    if (header.length > warning_MAX_LENGTH)
        return null;
    const quoted = WARNING.exec(header.trim())?.[1];
    return quoted === undefined ? null : (0,domain_text/* sanitiseLine */.lg)(quoted.replaceAll(/\\(.)/gs, '$1'), warning_MAX_TEXT) || null;
}

;// CONCATENATED MODULE: ./src/registry/notices.js




const MAX_WARNINGS = 10;
function createObserver(log) {
    const said = new Set();
    let toldLimit = false;
    return (registry, response) => {
        for (const header of response.headers.get('warning') ?? []) {
            const text = parseWarning(header);
            const line = `${registry.host} warns: ${text}`;
            if (text === null || said.has(line) || said.size >= MAX_WARNINGS)
                continue;
            said.add(line);
            log.warning(line);
        }
        if (toldLimit || (0,vendors/* vendorOf */.AK)(registry).limitsPulls !== true)
            return;
        const line = lowLimit(response);
        if (line === null)
            return;
        toldLimit = true;
        log.warning(line);
    };
}
function lowLimit(response) {
    const remaining = readCount((0,transport_headers/* headerValue */.Z)(response, 'ratelimit-remaining'));
    const limit = readCount((0,transport_headers/* headerValue */.Z)(response, 'ratelimit-limit'));
    if (remaining === null || limit === null || remaining.count * 5 > limit.count)
        return null;
    const hours = limit.seconds === null ? '' : ` per ${Math.max(1, Math.round(limit.seconds / 3600))} h`;
    const source = (0,domain_text/* sanitiseLine */.lg)((0,transport_headers/* headerValue */.Z)(response, 'docker-ratelimit-source') ?? '', 64);
    const whose = source === '' ? '' : ` for ${source}`;
    const limits = `${remaining.count} of ${limit.count} pulls${hours}${whose}`;
    return `Docker Hub allows only ${limits} from here on; log in for more, or set cache-dir`;
}
function readCount(text) {
    const [, count, seconds] = /^(\d{1,9})(?:\s*;\s*w=(\d{1,9}))?/.exec(text ?? '') ?? [];
    if (count === undefined)
        return null;
    return { count: Number(count), seconds: seconds === undefined ? null : Number(seconds) };
}

// EXTERNAL MODULE: ./src/domain/prune/placeholder.js
var placeholder = __webpack_require__(2640);
;// CONCATENATED MODULE: ./src/registry/placeholder.js











const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = '{}';
const EMPTY_DIGEST = (0,content_digest/* contentDigest */.eZ)(Buffer.from(EMPTY));
function createPlaceholders({ ask, repository, head }) {
    const where = (0,reference/* formatRepository */.Sh)(repository);
    let uploaded = null;
    const question = (resource, purpose) => ({
        resource,
        maxBytes: 64 * 1024,
        repeat: 'always',
        subject: resource.startsWith('blobs/') ? 'blob' : 'manifest',
        purpose,
    });
    async function uploadEmpty() {
        const purpose = `upload to ${where}`;
        const known = await ask({ ...question(`blobs/${EMPTY_DIGEST}`, purpose), method: 'HEAD' });
        if (known.response.status === 200)
            return;
        const opened = await ask({ ...question('blobs/uploads/', purpose), method: 'POST', body: '' });
        if (opened.response.status !== 202)
            throw registryFailure(opened);
        const { resource, query } = uploadAddress(opened, repository);
        const stored = await ask({
            ...question(resource, purpose),
            method: 'PUT',
            query,
            headers: { 'content-type': 'application/octet-stream' },
            body: EMPTY,
        });
        if (stored.response.status !== 201)
            throw registryFailure(stored);
    }
    function prepare() {
        uploaded ??= uploadEmpty().catch((error) => {
            uploaded = null;
            throw error;
        });
        return uploaded;
    }
    async function push(tag, created) {
        await prepare();
        const manifest = placeholder_placeholder(created);
        const digest = (0,content_digest/* contentDigest */.eZ)(Buffer.from(manifest));
        const failed = await put(tag, manifest);
        if (failed !== null && !(failed.mayBeDone && (await head(tag)) === digest))
            throw failed.error;
        return digest;
    }
    async function put(tag, manifest) {
        const request = {
            ...question(`manifests/${tag}`, `placeholder for ${where}:${tag}`),
            method: 'PUT',
            headers: { 'content-type': OCI_IMAGE },
            body: manifest,
            repeat: 'never',
        };
        try {
            const exchange = await ask(request);
            if (exchange.response.status === 201)
                return null;
            return { error: registryFailure(exchange), mayBeDone: isUnknownStatus(exchange.response.status) };
        }
        catch (error) {
            if (!(error instanceof domain_errors/* WardenError */.Sh))
                throw error;
            return { error, mayBeDone: isUnknownEnd(error) };
        }
    }
    return {
        prepare,
        push,
        forgetUpload: () => {
            uploaded = null;
        },
    };
}
function freshTag() {
    return (0,names_tag/* parseTag */.ED)(`${placeholder/* PROBE_PREFIX */.mv}${(0,external_node_crypto_.randomUUID)()}`, 'probe');
}
function holdingCopy({ mediaType, bytes }) {
    if (!HAS_BLOBS.has(mediaType))
        return null;
    const manifest = (0,json/* parseJsonObject */.dw)(Buffer.from(bytes), 'the manifest');
    const known = manifest['annotations'];
    const annotations = { ...((0,json/* isObject */.Gv)(known) ? known : {}), 'vnd.registry-warden.holds': (0,external_node_crypto_.randomUUID)() };
    const copy = Buffer.from(JSON.stringify({ ...manifest, subject: undefined, annotations }));
    return { mediaType, bytes: copy, digest: (0,content_digest/* contentDigest */.eZ)(copy) };
}
const HAS_BLOBS = new Set([
    OCI_IMAGE,
    'application/vnd.docker.distribution.manifest.v2+json',
]);
function placeholder_placeholder(created) {
    const empty = { mediaType: EMPTY_TYPE, digest: EMPTY_DIGEST, size: EMPTY.length };
    return JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_IMAGE,
        artifactType: placeholder/* PLACEHOLDER_TYPE */.Nv,
        config: empty,
        layers: [empty],
        annotations: {
            'vnd.registry-warden.nonce': (0,external_node_crypto_.randomUUID)(),
            ...(created === null ? {} : { 'org.opencontainers.image.created': (0,timestamp/* formatTimestamp */.Ey)(created) }),
        },
    });
}
function uploadAddress(opened, { path }) {
    const { registry, response } = opened;
    const base = `/v2/${path}/`;
    const url = URL.parse((0,transport_headers/* headerValue */.Z)(response, 'location') ?? '', registry.origin + base);
    if (url === null || !url.pathname.startsWith(`${base}blobs/uploads/`))
        throw registryFailure(opened);
    url.searchParams.set('digest', EMPTY_DIGEST);
    return { resource: url.pathname.slice(base.length), query: url.searchParams.toString() };
}

;// CONCATENATED MODULE: ./src/registry/put-manifest.js




function createPutManifest(ask, repository) {
    return async (name, { mediaType, bytes }) => {
        const purpose = `putting back ${(0,reference/* formatRepository */.Sh)(repository)}${(0,names_digest/* isDigest */.Bc)(name) ? '@' : ':'}${name}`;
        const exchange = await ask({
            method: 'PUT',
            resource: `manifests/${name}`,
            headers: { 'content-type': mediaType },
            body: asText(bytes, purpose),
            maxBytes: 64 * 1024,
            repeat: (0,names_digest/* isDigest */.Bc)(name) ? 'always' : 'never',
            subject: 'manifest',
            purpose,
        });
        if (exchange.response.status !== 201)
            throw registryFailure(exchange);
    };
}
function asText(bytes, purpose) {
    const text = Buffer.from(bytes).toString('utf8');
    if (Buffer.from(text).equals(bytes))
        return text;
    throw new domain_errors/* WardenError */.Sh('protocol', `${purpose}: the manifest is not UTF-8 text`);
}

;// CONCATENATED MODULE: ./src/domain/manifest/referrers-tag.js


function referrersTag(digest) {
    const algorithm = (0,names_digest/* digestAlgorithm */.g4)(digest).slice(0, 32);
    const encoded = (0,names_digest/* digestHex */.sU)(digest).slice(0, 64);
    return (0,names_tag/* parseTag */.ED)(`${algorithm}-${encoded}`.replaceAll(/[^A-Za-z0-9._-]/g, '-'), 'referrers');
}

;// CONCATENATED MODULE: ./src/registry/referrers.js











const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const ENOUGH_ODD = 3;
function createReferrers({ ask, repository, read }) {
    let api = 'unknown';
    let odd = 0;
    async function byApi(digest, again) {
        if (api === 'no' && again === undefined)
            return null;
        const purpose = `referrers of ${(0,reference/* formatRepository */.Sh)(repository)}@${digest}`;
        const fetch = (query) => ask({
            resource: `referrers/${digest}`,
            query,
            headers: { accept: OCI_INDEX },
            maxBytes: wire_manifest/* MAX_MANIFEST_BYTES */.ZJ,
            subject: 'referrers',
            purpose,
        });
        const first = await fetch('');
        const support = supportOf(first);
        if (support === 'yes') {
            api = 'yes';
            return readAll(purpose, first, fetch);
        }
        if (api === 'yes')
            throw unreadable(first);
        if (support === 'odd')
            odd += 1;
        if (support === 'no' || odd >= ENOUGH_ODD)
            api = 'no';
        return null;
    }
    async function byTag(digest) {
        try {
            const { manifest } = await read(referrersTag(digest));
            return manifest.kind === 'index' ? manifest.manifests : [];
        }
        catch (error) {
            if (isGone(error))
                return [];
            throw error;
        }
    }
    return {
        byApi,
        find: async (digest) => {
            const descriptors = await byApi(digest);
            return descriptors === null
                ? { descriptors: await byTag(digest), source: 'tag' }
                : { descriptors, source: 'api' };
        },
    };
}
function supportOf(exchange) {
    const { response } = exchange;
    const contentType = (0,transport_headers/* headerValue */.Z)(response, 'content-type');
    if (response.status === 200)
        return (0,media_type/* baseMediaType */.S4)(contentType ?? '') === OCI_INDEX ? 'yes' : 'odd';
    if (![400, 404, 405, 406, 501].includes(response.status))
        throw registryFailure(exchange);
    const { codes, isHtml } = parseRegistryErrors(response.body, contentType);
    if (codes.some((code) => SAYS_NOTHING.has(code)))
        return 'unknown';
    return isHtml || response.status === 400 || response.status === 406 ? 'odd' : 'no';
}
const SAYS_NOTHING = new Set(['NAME_UNKNOWN', 'MANIFEST_UNKNOWN']);
function unreadable(exchange) {
    const { request, response, registry } = exchange;
    const { codes } = parseRegistryErrors(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type'));
    return new domain_errors/* WardenError */.Sh('protocol', `${request.purpose}: ${registry.host} listed referrers a moment ago, and does not now (${[response.status, ...codes].join(' ')})`, { advice: 'Run again later; a proxy or replica in front of the registry may answer differently' });
}
const LIMITS = { pages: 200, entries: 100_000, idlePages: 5 };
async function readAll(purpose, first, fetch) {
    const found = new Map();
    let pending = first;
    const completeness = await readPages({
        purpose,
        fetch: async (query) => {
            const exchange = pending ?? (await fetch(query));
            pending = null;
            return exchange;
        },
        take: (exchange) => failures_readAnswer(exchange, ({ body, headers }) => takePage(body, headers, found)),
        failure: registryFailure,
        first: [{ query: '', size: null }],
        closing: (last) => (last === null ? null : { query: `last=${encodeURIComponent(last)}`, size: null }),
        closes: 'when-full',
        wider: () => [{ query: 'n=10000', size: 10_000 }],
        limits: LIMITS,
    });
    if (completeness.kind === 'cut')
        throw cutList(purpose, completeness.entries, 'signature or attestation');
    return [...found.values()];
}
function takePage(body, headers, found) {
    const { manifest } = (0,wire_manifest/* parseManifest */.Ng)(body, OCI_INDEX, null);
    const entries = manifest.kind === 'index' ? manifest.manifests : [];
    const before = found.size;
    for (const entry of entries)
        found.set(entry.digest, entry);
    return {
        length: entries.length,
        added: found.size - before,
        last: entries.at(-1)?.digest ?? null,
        next: (0,wire_link/* nextPageQuery */.X)(headers.get('link') ?? []) ?? undefined,
    };
}

;// CONCATENATED MODULE: ./src/registry/client.js













const MANIFEST_CAPACITY = 64 * 1024 * 1024;
const BYTES_CAPACITY = 256 * 1024 * 1024;
const CONFIG_CAPACITY = 200_000;
const SIZE_CAPACITY = 100_000;
function createRegistryClient(parts) {
    const { send, log, keepBytes = false } = parts;
    const shared = {
        manifests: createMemory(MANIFEST_CAPACITY, ({ size }) => size),
        bytes: keepBytes ? createMemory(BYTES_CAPACITY, ({ bytes }) => bytes.length) : null,
        configs: createMemory(CONFIG_CAPACITY, ({ history }) => history.length + 1),
        sizes: createMemory(SIZE_CAPACITY, () => 1),
        observe: createObserver(log),
    };
    const opened = new Map();
    return {
        open: (repository, namedBy) => {
            const { provider, origin } = repository.registry;
            const key = `${provider} ${origin}/${repository.path} ${namedBy ?? ''}`;
            const client = opened.get(key) ?? openRepository(repository, namedBy, parts, shared);
            opened.set(key, client);
            return client;
        },
        catalog: async (registry) => {
            const ask = createAsk(send, shared.observe, { registry, path: null });
            const { repositories, doubt } = await readCatalog(ask, registry.host);
            if (doubt !== null)
                log.warning(doubt.line);
            return repositories;
        },
    };
}
function openRepository(repository, namedBy, { send, log, cache = null, forDeletes = false }, { manifests: memory, bytes, configs, sizes, observe }) {
    const plain = createAsk(send, observe, repository, namedBy);
    const ask = forDeletes ? pastCaches(plain) : plain;
    const manifests = createManifests({ ask, repository, log, cache, forDeletes, memory, bytes });
    const blobs = createBlobs({ ask, repository, configs, sizes, cache });
    let room = 0;
    async function tagList(onTags) {
        const list = await readTags(ask, repository, { room, ...(onTags === undefined ? {} : { onTags }) });
        room = list.room;
        if (list.doubt !== null) {
            if (forDeletes)
                throw list.doubt;
            log.warning(list.doubt.line);
        }
        if (forDeletes && list.strange.length > 0)
            throw strangeTags(list.strange, repository);
        if (list.dropped > 0) {
            log.notice(`tags of ${(0,reference/* formatRepository */.Sh)(repository)}: ${list.dropped} entries are not tags and were left out`);
        }
        return list;
    }
    const placeholders = createPlaceholders({ ask, repository, head: manifests.head });
    const remove = createDelete({ ask, repository, head: manifests.head });
    const referrers = createReferrers({ ask, repository, read: manifests.read });
    return {
        manifest: manifests.read,
        config: blobs.config,
        blobSize: blobs.size,
        layers: createLayerStore(ask, repository),
        hasBlob: blobs.has,
        stored: manifests.stored,
        tags: async (onTags) => (await tagList(onTags)).tags,
        tagList,
        head: manifests.head,
        exists: manifests.exists,
        referrers: referrers.find,
        listReferrers: async (digest, again) => (await referrers.byApi(digest, again))?.map((entry) => entry.digest) ?? null,
        deleteManifest: (name, patience) => remove(name, patience).finally(() => {
            placeholders.forgetUpload();
        }),
        pushPlaceholder: placeholders.push,
        preparePlaceholder: placeholders.prepare,
        putManifest: createPutManifest(ask, repository),
    };
}
function pastCaches(ask) {
    return (question) => question.subject === 'blob'
        ? ask(question)
        : ask({ ...question, headers: { ...question.headers, 'cache-control': 'no-cache' } });
}
function strangeTags(names, repository) {
    const message = `tags of ${(0,reference/* formatRepository */.Sh)(repository)}: ${names.length} names in the list are not tags, such as ${names[0]}`;
    return new domain_errors/* WardenError */.Sh('protocol', message, {
        advice: "What they name cannot be read, so nothing is deleted. Remove them with the registry's own tools",
    });
}

;// CONCATENATED MODULE: ./src/wire/token-claims.js

const token_claims_MAX_LENGTH = 64 * 1024;
const schema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    access: schemas/* array */.YOg(schemas/* object */.Ikc({
        type: schemas/* string */.YjP(),
        name: schemas/* string */.YjP(),
        actions: schemas/* array */.YOg(schemas/* string */.YjP().max(64)).max(32).nullable(),
    })),
}));
function parseAccessClaim(token) {
    const [, payload] = token.split('.');
    if (payload === undefined || token.length > token_claims_MAX_LENGTH)
        return null;
    try {
        const claims = schema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
        if (!claims.success)
            return null;
        return claims.data.access.map(({ type, name, actions }) => ({ type, name, actions: actions ?? [] }));
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./src/registry/probe.js












const probe_MAX_BYTES = 64 * 1024;
const pingOf = ({ origin }) => new URL('/v2/', origin);
function createProbe({ send, sendToRegistry, keychain, mask }) {
    async function probe(named) {
        const ping = await pingAnswer(send, named);
        if (ping.kind === 'silent')
            return { kind: 'http', registry: named, ping, login: null };
        const provider = named.provider === 'generic' ? (0,vendors/* recogniseProvider */.Zb)(ping.offers) : named.provider;
        const registry = { ...named, provider };
        return { kind: 'http', registry, ping, login: await loginAnswer(registry, ping) };
    }
    async function loginAnswer(registry, { status }) {
        const target = { registry, path: null };
        const credential = await keychain(target);
        const isAnonymous = credential.kind === 'anonymous';
        if (status === 200)
            return { kind: 'not needed', isAnonymous };
        if (status !== 401 && status !== 403)
            return null;
        const purpose = `login to ${registry.host}`;
        try {
            const url = pingOf(registry);
            const answer = await sendToRegistry({
                method: 'GET',
                url,
                maxBytes: probe_MAX_BYTES,
                repository: target,
                purpose,
            });
            if (answer.status < 400)
                return { kind: 'accepted', who: describeCredential(credential), isAnonymous };
            const error = new domain_errors/* WardenError */.Sh('denied', `${purpose} was refused (${answer.status})`);
            return { kind: 'refused', error, isAnonymous };
        }
        catch (error) {
            if (!(error instanceof domain_errors/* WardenError */.Sh))
                throw error;
            return { kind: 'refused', error, isAnonymous };
        }
    }
    async function grants({ registry, path }) {
        const response = await send({
            method: 'GET',
            url: pingOf(registry),
            maxBytes: probe_MAX_BYTES,
            purpose: 'ping',
        });
        if (response.status !== 401)
            return { kind: 'unknown', why: 'no login' };
        const offers = readOffers(response.headers.get('www-authenticate') ?? [], response.url, registry);
        if (offers === null || offers.bearer === null)
            return { kind: 'unknown', why: 'basic' };
        const { realm, service } = offers.bearer;
        const credential = await keychain({ registry, path });
        if (credential.kind === 'bearer')
            return { kind: 'unknown', why: 'opaque' };
        const { refreshUser = null } = (0,vendors/* vendorOf */.AK)(registry);
        const fetchToken = createFetchToken({ send, mask: createMasker(mask), clock: () => 0 });
        for (const actions of RIGHTS) {
            const scopes = [formatRepositoryScope(path, actions)];
            const question = { realm, service, scopes, registryHost: registry.host, refreshUser };
            const outcome = await fetchToken(question, credential);
            if (outcome.kind === 'refused')
                continue;
            const claims = parseAccessClaim(outcome.grant.token);
            if (claims === null)
                return { kind: 'unknown', why: 'opaque' };
            const own = claims.filter(({ type, name }) => type === 'repository' && name === path);
            return {
                kind: 'granted',
                actions: [...new Set(own.flatMap((claim) => claim.actions))].map(word).sort(),
            };
        }
        return { kind: 'unknown', why: 'opaque' };
    }
    return {
        probe,
        grants: (repository) => grants(repository).catch((error) => {
            if (error instanceof domain_errors/* WardenError */.Sh)
                return { kind: 'unknown', why: 'opaque' };
            throw error;
        }),
    };
}
const RIGHTS = [['pull', 'push', 'delete'], ['pull', 'push'], ['pull']];
const word = (action) => (0,domain_text/* sanitiseLine */.lg)(action, 40);
async function pingAnswer(send, registry) {
    const url = pingOf(registry);
    const purpose = `registry ${registry.host}`;
    try {
        return readPing(await send({ method: 'GET', url, maxBytes: probe_MAX_BYTES, purpose }), url);
    }
    catch (error) {
        if (!(error instanceof domain_errors/* WardenError */.Sh))
            throw error;
        return { kind: 'silent', error, speaksTls: await speaksTls(send, registry, error) };
    }
}
function readPing(response, asked) {
    const { status, url } = response;
    const version = (0,transport_headers/* headerValue */.Z)(response, 'docker-distribution-api-version');
    const challenges = status === 401 ? parseChallenges(response.headers.get('www-authenticate') ?? []) : [];
    const isElsewhere = url.origin !== asked.origin || !/^\/v2\/?$/.test(url.pathname);
    return {
        kind: 'answered',
        status,
        isHtml: isHtml(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type')),
        apiVersion: version === null ? null : (0,domain_text/* sanitiseLine */.lg)(version, 60),
        redirectedTo: isElsewhere ? (0,domain_text/* sanitiseLine */.lg)(`${url.host}${url.pathname}`, 120) : null,
        offers: challenges.map(({ scheme, parameters }) => ({
            scheme,
            realm: (0,domain_text/* sanitiseLine */.lg)((parameters.get('realm') ?? '').replace(/[?#].*$/s, ''), 200),
            service: parameters.get('service') ?? null,
        })),
    };
}
async function speaksTls(send, registry, error) {
    if (!registry.origin.startsWith('http:'))
        return false;
    if (error.kind === 'tls')
        return true;
    if (error.kind !== 'protocol' && !/closed the connection/.test(error.message))
        return false;
    const url = new URL(`https://${registry.host}/v2/`);
    try {
        await send({ method: 'GET', url, maxBytes: probe_MAX_BYTES, repeat: 'never', purpose: 'TLS' });
        return true;
    }
    catch (failure) {
        return (failure instanceof domain_errors/* WardenError */.Sh && failure.kind === 'tls' && !/does not speak TLS/.test(failure.message));
    }
}

;// CONCATENATED MODULE: ./src/registry/vendors/identify.js




function createIdentify({ provider: given, apiUrl, challengeOf }) {
    const asked = new Map();
    function byName(registry) {
        const named = (0,names_registry/* withProvider */.w$)(registry, given);
        if (named.provider === 'docker-hub' && !(0,names_registry/* isDockerHub */.gr)(named) && apiUrl === null) {
            const accepted = `Docker Hub is docker.io, and ${registry.host} is another registry`;
            throw (0,domain_errors/* inputError */.Xu)('provider', named.provider, accepted);
        }
        return named;
    }
    return {
        byName,
        byChallenge: async (registry, ask) => {
            const named = byName(registry);
            if (given !== null || named.provider !== 'generic')
                return named;
            const first = asked.get(named.origin) ?? ask().catch(() => undefined);
            asked.set(named.origin, first);
            await first;
            return { ...named, provider: providerOf(challengeOf(named)) };
        },
    };
}
function providerOf(headers) {
    return (0,vendors/* recogniseProvider */.Zb)(parseChallenges(headers).map(({ scheme, parameters }) => ({
        scheme,
        realm: (parameters.get('realm') ?? '').replace(/[?#].*$/s, ''),
        service: parameters.get('service') ?? null,
    })));
}

// EXTERNAL MODULE: ./src/domain/vendors/generic.js
var generic = __webpack_require__(8359);
// EXTERNAL MODULE: ./src/domain/vendors/acr.js
var acr = __webpack_require__(1720);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/core.js
var core = __webpack_require__(7619);
;// CONCATENATED MODULE: ./src/wire/vendors/entries.js




function readEntries(schema, values) {
    const entries = [];
    for (const value of values) {
        const result = schema.safeParse(value);
        if (result.success)
            entries.push(result.data);
    }
    return { entries, length: values.length, dropped: values.length - entries.length };
}
const entries_timestamp = schemas/* string */.YjP()
    .transform((text) => (0,timestamp/* parseTimestamp */.EH)(text))
    .nullish()
    .catch(null)
    .transform((at) => at ?? null);
const digest = schemas/* string */.YjP().transform((text, context) => {
    if ((0,names_digest/* isDigest */.Bc)(text))
        return text;
    context.addIssue({ code: 'custom', message: 'is not a digest' });
    return core/* NEVER */.tm;
});
const optionalDigest = schemas/* string */.YjP()
    .transform((text) => ((0,names_digest/* isDigest */.Bc)(text) ? text : null))
    .nullish()
    .catch(null)
    .transform((found) => found ?? null);
const tag = schemas/* string */.YjP().transform((text, context) => {
    if ((0,names_tag/* isTag */.dz)(text))
        return text;
    context.addIssue({ code: 'custom', message: 'is not a tag' });
    return core/* NEVER */.tm;
});

;// CONCATENATED MODULE: ./src/wire/vendors/acr.js



const attributes = {
    createdTime: entries_timestamp,
    lastUpdateTime: entries_timestamp,
    changeableAttributes: schemas/* object */.Ikc({ deleteEnabled: schemas/* boolean */.zMY().nullish(), writeEnabled: schemas/* boolean */.zMY().nullish() })
        .nullish(),
};
const tagSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ name: tag, digest: optionalDigest, ...attributes })
    .transform((wire) => ({ name: wire.name, digest: wire.digest, ...attributesOf(wire) })));
const manifestSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ digest: digest, tags: schemas/* array */.YOg(schemas/* unknown */.L5J()).nullish(), ...attributes })
    .transform((wire) => ({
    digest: wire.digest,
    tagged: (wire.tags ?? []).length > 0,
    ...attributesOf(wire),
})));
function attributesOf({ createdTime, lastUpdateTime, changeableAttributes }) {
    const { deleteEnabled, writeEnabled } = changeableAttributes ?? {};
    return {
        created: createdTime,
        updated: lastUpdateTime,
        locked: deleteEnabled === false || writeEnabled === false,
    };
}
const acr_listOf = (field) => schemas/* object */.Ikc({ [field]: schemas/* array */.YOg(schemas/* unknown */.L5J()).nullish() }).transform((wire) => wire[field] ?? []);
const acr_TAGS = acr_listOf('tags');
const MANIFESTS = acr_listOf('manifests');
function parseAcrTags(body) {
    const what = 'the list of tags';
    return readEntries(tagSchema, (0,json/* readAs */.fd)(acr_TAGS, (0,json/* parseJson */.qF)(body, what), what));
}
function parseAcrManifests(body) {
    const what = 'the list of manifests';
    return readEntries(manifestSchema, (0,json/* readAs */.fd)(MANIFESTS, (0,json/* parseJson */.qF)(body, what), what));
}

;// CONCATENATED MODULE: ./src/registry/vendors/failures.js





function vendorFailure({ method, url, purpose, response }, advice = null) {
    const { status } = response;
    const errors = parseRegistryErrors(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type'));
    const kind = errors.isHtml ? 'protocol' : failures_kindOf(status);
    const phrase = errors.isHtml ? 'the answer is a web page' : failures_PHRASES[kind];
    const said = errors.text === null ? `${status}` : `${status}: ${errors.text}`;
    return new domain_errors/* WardenError */.Sh(kind, `${purpose}: ${phrase} (${said})`, {
        advice,
        exchange: { method, url: printableUrl(url), status, codes: errors.codes },
    });
}
function textOf({ response }) {
    return parseRegistryErrors(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type')).text ?? '';
}
function outcomeOf(exchange, advice) {
    const { status } = exchange.response;
    if (status === 200 || status === 202 || status === 204) {
        if (isPage(exchange))
            return { kind: 'failed', error: vendorFailure(exchange) };
        return { kind: 'done', error: null };
    }
    const wait = waitOf(exchange.response);
    if (wait !== null)
        return { kind: 'again', wait, error: vendorFailure(exchange) };
    if (isUnknownStatus(status))
        return again(vendorFailure(exchange));
    const kind = refusalOf(status);
    if (kind === 'gone')
        return { kind, error: null };
    if (status === 403 && isRule(textOf(exchange)))
        return { kind: 'locked', error: vendorFailure(exchange) };
    return { kind, error: vendorFailure(exchange, kind === 'denied' ? advice : null) };
}
function isPage({ response }) {
    return isHtml(response.body, (0,transport_headers/* headerValue */.Z)(response, 'content-type'));
}
function refusalOf(status) {
    if (status === 404 || status === 410)
        return 'gone';
    if (status === 401 || status === 403)
        return 'denied';
    if (status === 405 || status === 501)
        return 'unsupported';
    if (status === 409)
        return 'referenced';
    return status === 412 ? 'locked' : 'failed';
}
function isRule(message) {
    return /\bimmutable\b|\bprotected\b/i.test(message);
}
async function untagOutcome(exchange, advice, isThere) {
    const outcome = outcomeOf(exchange, advice);
    if (outcome.kind !== 'gone' || !(await isThere()))
        return outcome;
    return { kind: 'denied', error: vendorFailure(exchange, advice) };
}
async function settled(act) {
    try {
        return await act();
    }
    catch (error) {
        if (!(error instanceof domain_errors/* WardenError */.Sh))
            throw error;
        if (isUnknownEnd(error))
            return again(error);
        return { kind: failures_isRefusal(error) ? 'denied' : 'failed', error };
    }
}
function failures_isRefusal({ kind }) {
    return kind === 'denied' || kind === 'unauthorized';
}
function failures_kindOf(status) {
    if (status === 401)
        return 'unauthorized';
    if (status === 403)
        return 'denied';
    if (status === 404 || status === 410)
        return 'not-found';
    if (status === 405 || status === 501)
        return 'unsupported';
    if (status === 429)
        return 'rate-limit';
    return status >= 500 ? 'server' : 'protocol';
}
const failures_PHRASES = {
    input: 'not accepted',
    network: 'the connection failed',
    tls: 'the certificate is not trusted',
    unauthorized: 'a login is needed',
    denied: 'not permitted',
    'not-found': 'not found',
    'not-found-repository': 'not found',
    'rate-limit': 'too many requests',
    unsupported: 'not offered',
    protocol: 'unexpected answer',
    integrity: 'not what was asked for',
    deadline: 'out of time',
    server: 'the server failed',
};

;// CONCATENATED MODULE: ./src/registry/vendors/api.js




const api_MAX_BYTES = 16 * 1024 * 1024;
function createVendorApi({ send, base, headers = {}, limits, authorization, }) {
    return async (question) => {
        const request = requestFor(question, base, headers);
        const response = await send({ ...request, ...limits, authorization: await authorization() });
        return { method: request.method, url: request.url, purpose: question.purpose, response };
    };
}
function createRegistryApi(send, repository, base, actions) {
    return async (question) => {
        const request = requestFor(question, new URL(base, repository.registry.origin), {});
        const reads = request.method === 'GET' ? { actions } : {};
        const response = await send({ ...request, ...reads, repository });
        return { method: request.method, url: request.url, purpose: question.purpose, response };
    };
}
function requestFor({ method = 'GET', path, query = '', body, purpose }, base, headers) {
    const url = new URL(`${base.href.replace(/\/$/, '')}/${path}`);
    url.search = query;
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return {
        method,
        url,
        headers: { accept: 'application/json', ...headers, ...type },
        ...content,
        maxBytes: api_MAX_BYTES,
        redirects: false,
        purpose,
    };
}
const api_LIMITS = { pages: 10_000, entries: 1_000_000, idlePages: 20 };
async function readVendorList(ask, list) {
    const { question, size, following } = list;
    const { purpose } = question;
    const seen = new Set();
    let pages = 0;
    const completeness = await readPages({
        purpose,
        fetch: (query) => ask({ ...question, query }),
        take: (exchange) => {
            pages += 1;
            return api_takePage(exchange, list, seen);
        },
        failure: (exchange) => vendorFailure(exchange, list.advice),
        first: [{ query: question.query ?? '', size }],
        closing: (last) => (last === null ? null : { query: following(pages + 1, last), size }),
        closes: 'always',
        wider: () => [],
        limits: api_LIMITS,
    });
    if (completeness.kind === 'cut')
        throw cutList(purpose, completeness.entries, 'entry');
}
function api_takePage({ purpose, response }, { read, key, take }, seen) {
    const { entries, length, dropped, next } = readBody(purpose, () => read(response.body));
    const last = entries.at(-1);
    const fresh = entries.filter((entry) => !seen.has(key(entry)));
    for (const entry of fresh)
        seen.add(key(entry));
    const isRepeated = fresh.length === 0 && entries.length > 0;
    const unread = isRepeated ? 0 : dropped;
    const stop = take(fresh, unread) === 'stop';
    return {
        length,
        added: fresh.length + unread,
        last: last === undefined ? null : key(last),
        next: stop
            ? null
            : next === undefined
                ? ((0,wire_link/* nextPageQuery */.X)(response.headers.get('link') ?? []) ?? undefined)
                : next,
    };
}
function readBody(purpose, read) {
    try {
        return read();
    }
    catch (cause) {
        if (!(cause instanceof domain_errors/* WardenError */.Sh))
            throw cause;
        throw new domain_errors/* WardenError */.Sh(cause.kind, `${purpose}: ${cause.message}`, { cause });
    }
}
function withPage(query, page) {
    const parameters = new URLSearchParams(query);
    parameters.set('page', String(page));
    return parameters.toString();
}
function apiBase(given, origin, path) {
    if (given === null)
        return new URL(path, origin);
    return given.pathname === '/' ? new URL(path, given) : given;
}
function segment(text) {
    return encodeURIComponent(text);
}

// EXTERNAL MODULE: ./src/domain/vendors/vendor.js
var vendor = __webpack_require__(2750);
;// CONCATENATED MODULE: ./src/registry/vendors/distribution.js




const SWITCH = 'A self-hosted registry allows them with REGISTRY_STORAGE_DELETE_ENABLED=true, unless it is read-only (maintenance); a pull-through cache never does';
function tagStays(cause) {
    const { exchange } = cause;
    const message = 'this registry cannot remove one tag of a shared digest (registry:2 cannot, registry:3 can)';
    return new domain_errors/* WardenError */.Sh('unsupported', message, { advice: 'shared-digest: swap does it', exchange, cause });
}
function openDistribution(client, capabilities = vendor/* PLAIN_CAPABILITIES */.yt) {
    let noUntag = null;
    return {
        capabilities,
        untag: async (tag) => {
            if (noUntag !== null)
                return noUntag;
            const outcome = await client.deleteManifest(tag);
            if (outcome.kind !== 'unsupported')
                return outcome;
            noUntag = { kind: 'unsupported', error: tagStays(outcome.error) };
            return noUntag;
        },
        deleteManifest: (digest) => client.deleteManifest(digest),
        probeDeletes: () => probeByNothing(client, SWITCH),
        pushPlaceholder: client.pushPlaceholder,
        preparePlaceholder: client.preparePlaceholder,
        freshTag: freshTag,
        holdingCopy: holdingCopy,
        putManifest: client.putManifest,
    };
}
const NOTHING = (0,names_digest/* parseDigest */.m)(`sha256:${'0'.repeat(64)}`);
async function probeByNothing(client, advice = null) {
    const { kind, error } = await client.deleteManifest(NOTHING, 'wait');
    if (error === null)
        return { kind: 'on' };
    if (kind === 'denied')
        return { kind, error: unnamed(error) };
    if (kind === 'unsupported' || kind === 'locked')
        return { kind: 'off', error: deletesOff(error, advice) };
    if (kind === 'referenced' || error.exchange?.status === 400)
        return { kind: 'unclear' };
    return { kind: 'failed', error: unnamed(error) };
}
function deletesOff(cause, advice) {
    const { exchange } = cause;
    const where = exchange === null
        ? ''
        : ` at ${new URL(exchange.url).host} (${[exchange.status, ...exchange.codes].join(' ')})`;
    return new domain_errors/* WardenError */.Sh('unsupported', `Deletes are off${where}`, {
        advice: advice ?? cause.advice,
        exchange,
        cause,
    });
}
function unnamed(cause) {
    const { kind, advice, exchange } = cause;
    return new domain_errors/* WardenError */.Sh(kind, cause.message.replace(`@${NOTHING}`, ''), { advice, exchange, cause });
}
function withAdvice(error, advice) {
    return new domain_errors/* WardenError */.Sh(error.kind, error.message, { advice, exchange: error.exchange, cause: error });
}

;// CONCATENATED MODULE: ./src/registry/vendors/listing.js

async function readListing(read, { what, listsUntagged }) {
    let dropped = 0;
    const tags = new Map();
    const manifests = new Map();
    const untagged = new Set();
    const drop = (count) => {
        dropped += count;
    };
    try {
        await read({ tags, manifests, untagged, drop });
    }
    catch (error) {
        if (!(error instanceof domain_errors/* WardenError */.Sh))
            throw error;
        const isPartial = listsUntagged && tags.size + manifests.size > 0;
        const effect = isPartial ? 'the list ends early, so nothing is deleted' : AGES_UNKNOWN;
        const doubts = [`${what}: ${effect}. ${error.line}`];
        return { tags, manifests, untagged: [], complete: !isPartial, ...OF_TAGS, doubts };
    }
    const complete = dropped === 0 || !listsUntagged;
    return {
        tags,
        manifests,
        untagged: complete ? [...untagged] : [],
        complete,
        ...OF_TAGS,
        ...(dropped > 0 ? { doubts: [`${what}: ${dropped} entries could not be read`] } : {}),
    };
}
const OF_TAGS = { tellsPushTimes: true, datesTags: true };
const AGES_UNKNOWN = 'ages are unknown, so tags stay (age-source: created goes by build dates)';
const NOTHING_TOLD = {
    tags: new Map(),
    manifests: new Map(),
    untagged: [],
    complete: true,
};
function observations(dates) {
    const sources = ['pushed', 'updated', 'pulled', 'annotation', 'config'];
    return sources.flatMap((source) => {
        const at = dates[source] ?? null;
        return at === null ? [] : [{ at, source }];
    });
}

;// CONCATENATED MODULE: ./src/registry/vendors/acr.js






const GRANT = acr/* acr */.D.grants.api;
const LOCKED = 'ACR has locked it (az acr repository update --delete-enabled true --write-enabled true unlocks)';
const PAGE = 500;
function openAcr(context) {
    const { client, repository, name, sendToRegistry } = context;
    const ask = createRegistryApi(sendToRegistry, repository, `/acr/v1/${repository.path}`, ['metadata_read']);
    const list = async (draft) => {
        await listManifests(ask, name, draft);
        await listTags(ask, name, draft);
    };
    return {
        capabilities: acr/* acr */.D.capabilities,
        list: () => readListing(list, { what: `manifests of ${name}`, listsUntagged: true }),
        untag: (tag) => settled(async () => {
            const path = `_tags/${segment(tag)}`;
            const exchange = await ask({ method: 'DELETE', path, purpose: `deletion of ${name}:${tag}` });
            return lockOf(await untagOutcome(exchange, GRANT, async () => (await client.head(tag)) !== null));
        }),
        deleteManifest: async (digest) => lockOf(await client.deleteManifest(digest)),
        putManifest: client.putManifest,
        probeDeletes: () => probeByNothing(client),
    };
}
function lockOf(outcome) {
    return outcome.kind === 'unsupported' ? { ...outcome, kind: 'locked' } : outcome;
}
const after = (query) => (_page, last) => `${query}&last=${encodeURIComponent(last)}`;
function listManifests(ask, name, draft) {
    const query = `n=${PAGE}`;
    return readVendorList(ask, {
        question: { path: '_manifests', query, purpose: `manifests of ${name}` },
        size: PAGE,
        read: parseAcrManifests,
        key: ({ digest }) => digest,
        take: (entries, dropped) => {
            for (const { digest, created, updated, locked, tagged } of entries) {
                const ages = observations({ pushed: created, updated });
                draft.manifests.set(digest, { ages, locked: locked ? LOCKED : null });
                if (!tagged)
                    draft.untagged.add(digest);
            }
            draft.drop(dropped);
        },
        following: after(query),
        advice: GRANT,
    });
}
function listTags(ask, name, draft) {
    const query = `orderby=timedesc&n=${PAGE}`;
    return readVendorList(ask, {
        question: { path: '_tags', query, purpose: `tags of ${name}` },
        size: PAGE,
        read: parseAcrTags,
        key: ({ name: tag }) => tag,
        take: (entries, dropped) => {
            for (const { name: tag, digest, updated, locked } of entries) {
                const ages = observations({ pushed: updated, updated });
                draft.tags.set(tag, { digest, ages, locked: locked ? LOCKED : null });
            }
            draft.drop(dropped);
        },
        following: after(query),
        advice: GRANT,
    });
}

// EXTERNAL MODULE: ./src/domain/vendors/docker-hub.js
var docker_hub = __webpack_require__(3118);
;// CONCATENATED MODULE: ./src/wire/vendors/docker-hub.js




const docker_hub_tagSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    name: tag,
    digest: optionalDigest,
    tag_last_pushed: entries_timestamp,
    last_updated: entries_timestamp,
    tag_last_pulled: entries_timestamp,
})
    .transform((wire) => ({
    name: wire.name,
    digest: wire.digest,
    pushed: wire.tag_last_pushed,
    updated: wire.last_updated,
    pulled: wire.tag_last_pulled,
})));
const pageSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ results: schemas/* array */.YOg(schemas/* unknown */.L5J()), next: schemas/* string */.YjP().nullish() }));
function parseHubTags(body) {
    const what = 'the list of tags';
    const { results, next } = (0,json/* readAs */.fd)(pageSchema, (0,json/* parseJson */.qF)(body, what), what);
    return { ...readEntries(docker_hub_tagSchema, results), next: next ? queryOf(next, what) : null };
}
function queryOf(link, what) {
    const [, query = ''] = /\?([^#]+)/.exec(link) ?? [];
    if (query === '')
        throw new domain_errors/* WardenError */.Sh('protocol', `${what} leads to a next page that cannot be read`);
    return query;
}
const docker_hub_TOKEN = /^[\x21-\x7e]+$/;
const token = schemas/* string */.YjP().regex(docker_hub_TOKEN);
const loginSchema = schemas/* lazy */.RZV(() => schemas/* union */.KCZ([
    schemas/* object */.Ikc({ access_token: token }).transform((wire) => wire.access_token),
    schemas/* object */.Ikc({ token }).transform((wire) => wire.token),
]));
function parseHubLogin(body) {
    const answer = loginSchema.safeParse(jsonOrNothing(body));
    if (answer.success)
        return answer.data;
    throw new domain_errors/* WardenError */.Sh('protocol', 'the answer to the login holds no token');
}
function jsonOrNothing(body) {
    try {
        return JSON.parse(body.toString('utf8'));
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./src/registry/vendors/hub-login.js






const HUB_ADVICE = docker_hub/* dockerHub */.U.grants.api;
function openHubSession({ send, mask, log }, base, login) {
    const remember = createMasker(mask);
    const withoutToken = createVendorApi({ send, base, authorization: () => Promise.resolve(null) });
    let session = null;
    async function logIn() {
        if (login === null)
            return null;
        const { username, password } = login;
        const purpose = `login to ${base.host}`;
        let exchange = await withoutToken({
            method: 'POST',
            path: 'v2/auth/token',
            body: { identifier: username, secret: password },
            purpose,
        });
        if ([404, 405].includes(exchange.response.status)) {
            exchange = await withoutToken({
                method: 'POST',
                path: 'v2/users/login',
                body: { username, password },
                purpose,
            });
        }
        if (exchange.response.status !== 200)
            throw vendorFailure(exchange, HUB_ADVICE);
        const token = parseHubLogin(exchange.response.body);
        remember(token);
        return token;
    }
    const token = () => (session ??= logIn());
    let told = false;
    const tokenOrNothing = async () => {
        try {
            return await token();
        }
        catch (error) {
            if (!(error instanceof domain_errors/* WardenError */.Sh))
                throw error;
            if (!told)
                log.notice(error.line);
            told = true;
            return null;
        }
    };
    async function askOnce(question) {
        const held = await tokenOrNothing();
        const authorization = () => Promise.resolve(held === null ? null : `Bearer ${held}`);
        return [await createVendorApi({ send, base, authorization })(question), held];
    }
    return {
        ask: async (question) => {
            const current = session;
            const [exchange, held] = await askOnce(question);
            if (exchange.response.status !== 401 || held === null || current === null)
                return exchange;
            if (session === current)
                session = null;
            return (await askOnce(question))[0];
        },
        refusal: async () => {
            if (login === null)
                return new domain_errors/* WardenError */.Sh('unauthorized', 'deleting tags of Docker Hub needs a login at its own API', {
                    advice: HUB_ADVICE,
                });
            return token().then(() => null, (error) => {
                if (error instanceof domain_errors/* WardenError */.Sh)
                    return error;
                throw error;
            });
        },
    };
}

;// CONCATENATED MODULE: ./src/wire/vendors/repositories.js



const what = 'the list of repositories';
const more = schemas/* string */.YjP()
    .nullish()
    .transform((token) => token || null);
function parseNames(body) {
    const named = schemas/* object */.Ikc({ name: schemas/* string */.YjP() }).transform(({ name }) => name);
    return readEntries(named, (0,json/* readAs */.fd)(schemas/* array */.YOg(schemas/* unknown */.L5J()), (0,json/* parseJson */.qF)(body, what), what));
}
function parsePaths(body) {
    const named = schemas/* object */.Ikc({ path: schemas/* string */.YjP() }).transform(({ path }) => path);
    return readEntries(named, (0,json/* readAs */.fd)(schemas/* array */.YOg(schemas/* unknown */.L5J()), (0,json/* parseJson */.qF)(body, what), what));
}
function parseHubRepositories(body) {
    const page = schemas/* object */.Ikc({ results: schemas/* array */.YOg(schemas/* unknown */.L5J()), next: more });
    const { results, next } = (0,json/* readAs */.fd)(page, (0,json/* parseJson */.qF)(body, what), what);
    const named = schemas/* object */.Ikc({ name: schemas/* string */.YjP() }).transform(({ name }) => name);
    const [, query = null] = /\?([^#]+)/.exec(next ?? '') ?? [];
    return { ...readEntries(named, results), more: query };
}
function parseQuayRepositories(body) {
    const page = schemas/* object */.Ikc({ repositories: schemas/* array */.YOg(schemas/* unknown */.L5J()), next_page: more });
    const { repositories, next_page } = (0,json/* readAs */.fd)(page, (0,json/* parseJson */.qF)(body, what), what);
    const named = schemas/* object */.Ikc({ name: schemas/* string */.YjP() }).transform(({ name }) => name);
    return { ...readEntries(named, repositories), more: next_page };
}
function parseGoogleNames(field, body) {
    const page = schemas/* object */.Ikc({ [field]: schemas/* array */.YOg(schemas/* unknown */.L5J()).nullish(), nextPageToken: more });
    const read = (0,json/* readAs */.fd)(page, (0,json/* parseJson */.qF)(body, what), what);
    const list = read[field];
    const named = schemas/* object */.Ikc({ name: schemas/* string */.YjP() })
        .transform(({ name }) => decoded(name.slice(name.lastIndexOf('/') + 1)));
    const ours = (Array.isArray(list) ? list : []).filter((entry) => !FOREIGN.safeParse(entry).success);
    const { nextPageToken } = read;
    return {
        ...readEntries(named, ours),
        more: typeof nextPageToken === 'string' ? nextPageToken : null,
    };
}
const FOREIGN = schemas/* object */.Ikc({ format: schemas/* string */.YjP().refine((format) => format !== 'DOCKER') });
function decoded(name) {
    try {
        return decodeURIComponent(name);
    }
    catch {
        return name;
    }
}

;// CONCATENATED MODULE: ./src/registry/vendors/repositories.js



async function readNames(ask, list) {
    const names = [];
    const { question, size, following, advice, more: queryOf = (word) => word } = list;
    let unread = 0;
    await readVendorList(ask, {
        question,
        size,
        read: (body) => {
            const { more, ...entries } = list.read(body);
            return more === undefined ? entries : { ...entries, next: more === null ? null : queryOf(more) };
        },
        key: (name) => name,
        take: (found, dropped) => {
            for (const name of found)
                names.push(name);
            unread += dropped;
        },
        following,
        advice,
    });
    if (unread === 0)
        return names;
    throw new domain_errors/* WardenError */.Sh('protocol', `${question.purpose}: ${unread} entries could not be read`);
}
function ownerOf({ owner, registry }) {
    if (owner !== null)
        return owner;
    throw new domain_errors/* WardenError */.Sh('unsupported', `${registry.host} lists no repositories without an owner`, {
        advice: `Write one: image: ${registry.host}/OWNER/* (${(0,vendors/* vendorOf */.AK)(registry).title} lists the repositories of one owner at a time)`,
    });
}

;// CONCATENATED MODULE: ./src/registry/vendors/docker-hub.js









function openDockerHub(context, session) {
    const { client, repository, name } = context;
    const [namespace = '', ...rest] = repository.path.split('/');
    const [owner, image] = [segment(namespace), segment(rest.join('/'))];
    const list = (draft) => readVendorList(session.ask, {
        question: {
            path: `v2/namespaces/${owner}/repositories/${image}/tags`,
            query: 'page_size=100',
            purpose: `tags of ${name} at Docker Hub's API`,
        },
        size: 100,
        read: parseHubTags,
        key: ({ name: tag }) => tag,
        take: (entries, dropped) => {
            for (const { name: tag, digest, ...dates } of entries) {
                draft.tags.set(tag, { digest, ages: observations(dates), locked: null });
            }
            draft.drop(dropped);
        },
        following: (page) => withPage('page_size=100', page),
        advice: HUB_ADVICE,
    });
    return {
        capabilities: docker_hub/* dockerHub */.U.capabilities,
        list: () => readListing(list, { what: `push times of ${name}`, listsUntagged: false }),
        untag: (tag) => settled(async () => {
            const error = await session.refusal();
            if (error !== null)
                return { kind: 'denied', error };
            const path = `v2/repositories/${owner}/${image}/tags/${segment(tag)}/`;
            const exchange = await session.ask({
                method: 'DELETE',
                path,
                purpose: `deletion of ${name}:${tag}`,
            });
            return untagOutcome(exchange, HUB_ADVICE, async () => (await client.head(tag)) !== null);
        }),
        deleteManifest: (digest) => client.deleteManifest(digest),
        putManifest: client.putManifest,
        probeDeletes: async () => {
            const error = await session.refusal();
            if (error !== null)
                return { kind: 'denied', error };
            const probe = await probeByNothing(client);
            return probe.kind === 'denied' && probe.error.exchange?.status === 403 ? { kind: 'unclear' } : probe;
        },
    };
}
async function listHubRepositories(context, session) {
    const owner = ownerOf(context);
    const query = 'page_size=100';
    const names = await readNames(session.ask, {
        question: {
            path: `v2/namespaces/${segment(owner)}/repositories`,
            query,
            purpose: `repositories of ${owner} at Docker Hub`,
        },
        size: 100,
        read: parseHubRepositories,
        following: (page) => withPage(query, page),
        advice: HUB_ADVICE,
    });
    return names.map((name) => `${owner}/${name}`);
}

// EXTERNAL MODULE: ./src/domain/vendors/ecr.js
var ecr = __webpack_require__(4956);
;// CONCATENATED MODULE: ./src/wire/vendors/ecr.js






const seconds = schemas/* number */.aig()
    .transform((value) => (0,timestamp/* believed */.ty)(Math.round(value * 1000)))
    .nullish()
    .catch(null)
    .transform((at) => at ?? null);
const imageSchema = schemas/* object */.Ikc({
    imageDigest: digest,
    imageTags: (0,json/* listOf */.c3)(schemas/* string */.YjP().refine(names_tag/* isTag */.dz)).nullish(),
    imagePushedAt: seconds,
    lastRecordedPullTime: seconds,
})
    .transform((wire) => ({
    digest: wire.imageDigest,
    tags: wire.imageTags ?? [],
    pushed: wire.imagePushedAt,
    pulled: wire.lastRecordedPullTime,
}));
const ecr_token = schemas/* string */.YjP()
    .nullish()
    .transform((next) => next || null);
function parseEcrImages(body) {
    const what = 'the list of images';
    const page = schemas/* object */.Ikc({ imageDetails: schemas/* array */.YOg(schemas/* unknown */.L5J()), nextToken: ecr_token });
    const { imageDetails, nextToken } = (0,json/* readAs */.fd)(page, (0,json/* parseJson */.qF)(body, what), what);
    return { ...readEntries(imageSchema, imageDetails), next: nextToken };
}
function parseEcrRepositories(body) {
    const what = 'the list of repositories';
    const page = schemas/* object */.Ikc({ repositories: schemas/* array */.YOg(schemas/* unknown */.L5J()), nextToken: ecr_token });
    const { repositories, nextToken } = (0,json/* readAs */.fd)(page, (0,json/* parseJson */.qF)(body, what), what);
    const named = schemas/* object */.Ikc({ repositoryName: schemas/* string */.YjP() }).transform(({ repositoryName }) => repositoryName);
    return { ...readEntries(named, repositories), next: nextToken };
}
function parseEcrDeletion(body) {
    const what = 'the answer to the deletion';
    const id = schemas/* object */.Ikc({ imageDigest: schemas/* string */.YjP().nullish(), imageTag: schemas/* string */.YjP().nullish() });
    const answer = schemas/* object */.Ikc({
        imageIds: (0,json/* listOf */.c3)(id).nullish(),
        failures: (0,json/* listOf */.c3)(schemas/* object */.Ikc({ imageId: id.nullish(), failureCode: schemas/* string */.YjP(), failureReason: schemas/* string */.YjP().nullish() })).nullish(),
    });
    const { imageIds, failures } = (0,json/* readAs */.fd)(answer, (0,json/* parseJson */.qF)(body, what), what);
    const names = (imageIds ?? []).flatMap(({ imageDigest, imageTag }) => [imageDigest, imageTag]);
    return {
        deleted: new Set(names.filter((name) => typeof name === 'string')),
        failures: (failures ?? []).map(({ imageId, failureCode, failureReason }) => ({
            name: imageId?.imageTag ?? imageId?.imageDigest ?? null,
            code: failureCode,
            reason: failureReason ?? '',
        })),
    };
}
function parseEcrLogin(body) {
    const schema = schemas/* object */.Ikc({ authorizationData: schemas/* array */.YOg(schemas/* object */.Ikc({ authorizationToken: schemas/* string */.YjP() })).min(1) });
    const answer = schema.safeParse(ecr_jsonOrNothing(body));
    const [first] = answer.success ? answer.data.authorizationData : [];
    const text = Buffer.from(first?.authorizationToken ?? '', 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon > 0 && colon < text.length - 1)
        return { username: text.slice(0, colon), password: text.slice(colon + 1) };
    throw new domain_errors/* WardenError */.Sh('protocol', "ECR's answer to GetAuthorizationToken holds no login");
}
function parseAwsError(body) {
    const schema = schemas/* object */.Ikc({
        __type: schemas/* string */.YjP().optional(),
        message: schemas/* string */.YjP().optional(),
        Message: schemas/* string */.YjP().optional(),
    });
    const answer = schema.safeParse(ecr_jsonOrNothing(body));
    if (!answer.success)
        return { type: '', message: '' };
    const { __type = '', message, Message } = answer.data;
    return { type: __type.slice(__type.lastIndexOf('#') + 1), message: message ?? Message ?? '' };
}
function ecr_jsonOrNothing(body) {
    try {
        return JSON.parse(body.toString('utf8'));
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ../../node_modules/aws4fetch/dist/aws4fetch.esm.mjs
var aws4fetch_esm = __webpack_require__(3856);
;// CONCATENATED MODULE: ./src/registry/vendors/ecr-api.js






const HOST = /^(\d{12})\.dkr\.ecr(-fips)?\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;
const VPC_HOST = /\.ecr\.([a-z0-9-]+)\.vpce\.amazonaws\.com(?:\.cn)?$/;
function ecrPlace({ host }, apiUrl, keys) {
    const [, account = null, fips = '', region, china = ''] = HOST.exec(host) ?? [];
    if (region !== undefined) {
        const api = fips === '' ? `api.ecr.${region}` : `ecr-fips.${region}`;
        return { url: apiUrl ?? new URL(`https://${api}.amazonaws.com${china}/`), region, registryId: account };
    }
    if (apiUrl === null)
        return null;
    const [, named] = VPC_HOST.exec(apiUrl.hostname) ?? VPC_HOST.exec(host) ?? [];
    const found = named ?? keys.region;
    if (found === null) {
        throw new domain_errors/* WardenError */.Sh('input', `${host}: the region of this ECR endpoint is not known`, {
            advice: 'Set AWS_REGION in the environment of the step',
        });
    }
    return { url: apiUrl, region: found, registryId: null };
}
const ecr_api_MAX_BYTES = 32 * 1024 * 1024;
const WAITS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
function createAskEcr(place, keys, { send, clock, sleep }) {
    async function once(action, body) {
        const signer = new aws4fetch_esm/* AwsV4Signer */.s({
            method: 'POST',
            url: place.url.href,
            headers: {
                'content-type': 'application/x-amz-json-1.1',
                'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${action}`,
            },
            body,
            accessKeyId: keys.accessKeyId,
            secretAccessKey: keys.secretAccessKey,
            ...(keys.sessionToken === null ? {} : { sessionToken: keys.sessionToken }),
            service: 'ecr',
            region: place.region,
            datetime: new Date(clock()).toISOString().replaceAll(/[-:]|\.\d{3}/g, ''),
        });
        const signed = await signer.sign();
        const { authorization = null, host: _, ...headers } = Object.fromEntries(signed.headers);
        return send({
            method: 'POST',
            url: place.url,
            headers,
            body,
            authorization,
            redirects: false,
            maxBytes: ecr_api_MAX_BYTES,
            ...(action === 'BatchDeleteImage' ? { repeat: 'never' } : { repeat: 'always' }),
            purpose: `${action} at ${place.url.host}`,
        });
    }
    return async (action, document) => {
        const account = place.registryId === null || action === 'GetAuthorizationToken' ? {} : { registryId: place.registryId };
        const body = JSON.stringify({ ...account, ...document });
        for (const wait of [...WAITS, null]) {
            const response = await once(action, body);
            if (response.status === 200)
                return response.body;
            const error = ecrFailure(action, place, response);
            if (error.kind !== 'rate-limit' || action === 'BatchDeleteImage' || wait === null)
                throw error;
            await sleep(wait).catch(() => undefined);
        }
        throw new Error('the last try ends with an answer or an error');
    };
}
async function readEcrPages(ask, action, document, parse, take) {
    const seen = new Set();
    for (let next = null, pages = 0; pages < DEFAULT_PAGE_LIMITS.pages; pages += 1) {
        const page = parse(await ask(action, { ...document, maxResults: 1000, ...(next === null ? {} : { nextToken: next }) }));
        take(page);
        next = page.next;
        if (next === null)
            return;
        if (seen.has(next))
            break;
        seen.add(next);
    }
    throw new domain_errors/* WardenError */.Sh('protocol', `${action}: the list does not end`);
}
const relogin = () => 'Run aws-actions/configure-aws-credentials right before this step, or with a longer session';
const EXPIRED = { kind: 'unauthorized', phrase: 'the AWS session has expired', advice: relogin };
const DENIED = {
    kind: 'denied',
    phrase: 'the AWS keys may not do this',
    advice: (action) => `Allow ecr:${action} in the policy of this role or user`,
};
const UNKNOWN_KEYS = {
    kind: 'unauthorized',
    phrase: 'AWS does not know these keys',
    advice: () => 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN: they belong together',
};
const CLOCK = {
    kind: 'unauthorized',
    phrase: 'the clock of this machine is wrong, so AWS does not accept its signatures',
    advice: () => 'Set the clock of the runner',
};
const THROTTLED = {
    kind: 'rate-limit',
    phrase: 'too many requests',
    advice: () => 'Run again later, or lower concurrency',
};
const MEANINGS = {
    ExpiredTokenException: EXPIRED,
    ExpiredToken: EXPIRED,
    AccessDeniedException: DENIED,
    UnrecognizedClientException: UNKNOWN_KEYS,
    InvalidClientTokenId: UNKNOWN_KEYS,
    IncompleteSignatureException: UNKNOWN_KEYS,
    RequestExpired: CLOCK,
    ThrottlingException: THROTTLED,
    TooManyRequestsException: THROTTLED,
    RequestLimitExceeded: THROTTLED,
    RepositoryNotFoundException: {
        kind: 'not-found-repository',
        phrase: 'the registry has no such repository',
        advice: () => 'Check region, account and name',
    },
};
const SKEWED = /signature (?:expired|not yet current)/i;
function ecrFailure(action, { url }, { status, body }) {
    const { type, message } = parseAwsError(body);
    const isSignature = type === 'InvalidSignatureException' || type === 'SignatureDoesNotMatch';
    const signature = SKEWED.test(message) ? CLOCK : UNKNOWN_KEYS;
    const meaning = isSignature ? signature : MEANINGS[type];
    const kind = meaning?.kind ?? (status >= 500 ? 'server' : status === 429 ? 'rate-limit' : 'protocol');
    const said = (0,domain_text/* sanitiseLine */.lg)([status, type].filter(Boolean).join(' ') + (message === '' ? '' : `: ${message}`), 300);
    return new domain_errors/* WardenError */.Sh(kind, `${action} at ${url.host}: ${meaning?.phrase ?? 'unexpected answer'} (${said})`, {
        advice: meaning?.advice(action) ?? null,
        exchange: {
            method: 'POST',
            url: printableUrl(url),
            status,
            codes: type === '' ? [] : [(0,domain_text/* sanitiseLine */.lg)(type, 60)],
        },
    });
}

;// CONCATENATED MODULE: ./src/registry/vendors/ecr-batch.js




const MOST = 100;
function createEcrBatch(ask, repositoryName) {
    let waiting = [];
    async function flush() {
        const batch = waiting.splice(0, MOST);
        if (batch.length === 0)
            return;
        if (waiting.length > 0)
            setImmediate(() => void flush());
        const outcomes = await deleteAll(batch.map(({ id }) => id));
        batch.forEach(({ id, resolve }) => resolve(outcomes(nameOf(id))));
    }
    async function deleteAll(imageIds) {
        try {
            const body = await ask('BatchDeleteImage', { repositoryName, imageIds });
            const { deleted, failures } = parseEcrDeletion(body);
            return (name) => {
                const failure = failures.find((each) => each.name === name);
                if (failure !== undefined)
                    return ecr_batch_outcomeOf(failure, repositoryName);
                if (deleted.has(name))
                    return DONE;
                const message = `deletion of ${name} in ${repositoryName}: ECR did not report the outcome`;
                return again(new domain_errors/* WardenError */.Sh('protocol', message));
            };
        }
        catch (error) {
            if (!(error instanceof domain_errors/* WardenError */.Sh))
                throw error;
            return () => outcomeOfError(error);
        }
    }
    return (id) => {
        const { promise, resolve } = Promise.withResolvers();
        if (waiting.length === 0)
            setImmediate(() => void flush());
        waiting = [...waiting, { id, resolve }];
        return promise;
    };
}
const DONE = { kind: 'done', error: null };
const GONE = { kind: 'gone', error: null };
const THROTTLE_WAIT = 5_000;
function nameOf(id) {
    return 'imageTag' in id ? id.imageTag : id.imageDigest;
}
function ecr_batch_outcomeOf({ name, code, reason }, repository) {
    if (code === 'ImageNotFound')
        return GONE;
    const said = (0,domain_text/* sanitiseLine */.lg)(`${code}${reason === '' ? '' : `: ${reason}`}`, 300);
    const message = `deletion of ${name ?? 'an image'} in ${repository}: ECR refuses (${said})`;
    const kind = code === 'ImageReferencedByManifestList' ? 'referenced' : 'failed';
    return { kind, error: new domain_errors/* WardenError */.Sh(kind === 'failed' ? 'protocol' : 'denied', message) };
}
function outcomeOfError(error) {
    if (error.kind === 'rate-limit')
        return { kind: 'again', wait: THROTTLE_WAIT, error };
    if (isUnknownEnd(error) || error.kind === 'server')
        return again(error);
    return { kind: error.kind === 'denied' || error.kind === 'unauthorized' ? 'denied' : 'failed', error };
}

;// CONCATENATED MODULE: ./src/registry/vendors/ecr.js








function openEcr(context) {
    const ask = askOf(context, context.repository.registry, context.apiUrl);
    return ask === null ? openPlain(context) : openByApi(context, ask);
}
function openByApi({ client, name, repository, sleep }, ask) {
    const repositoryName = repository.path;
    const remove = createEcrBatch(ask, repositoryName);
    const list = (draft) => readEcrPages(ask, 'DescribeImages', { repositoryName }, parseEcrImages, ({ entries, dropped }) => {
        for (const image of entries)
            take(image, draft);
        draft.drop(dropped);
    });
    return {
        ...openDistribution(client),
        capabilities: { ...ecr/* ecr */.Z.capabilities, untag: 'yes', listsUntagged: true },
        list: () => readListing(list, { what: `images of ${name}`, listsUntagged: true }),
        untag: (imageTag) => remove({ imageTag }),
        deleteManifest: (imageDigest) => remove({ imageDigest }),
        probeDeletes: async () => {
            for (const wait of [...PROBE_WAITS, null]) {
                const outcome = await remove({ imageDigest: NOTHING });
                if (outcome.error === null)
                    return { kind: 'on' };
                if (outcome.kind === 'again' && wait !== null)
                    await sleep(wait).catch(() => undefined);
                else
                    return { kind: outcome.kind === 'denied' ? 'denied' : 'failed', error: outcome.error };
            }
            throw new Error('the last try ends with an answer');
        },
    };
}
const PROBE_WAITS = [1_000, 2_000, 4_000, 8_000, 15_000];
const OWN_API = 'ECR deletes images through its own API, and prune knows that of private registries: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; for public.ecr.aws use aws ecr-public batch-delete-image';
function openPlain({ client, name, log, aws }) {
    const plain = openDistribution(client, ecr/* ecr */.Z.capabilities);
    let told = false;
    return {
        ...plain,
        list: () => {
            if (!told)
                log.notice(`${name}: ${plainNotice(aws)}`);
            told = true;
            return Promise.resolve(NOTHING_TOLD);
        },
        probeDeletes: async () => {
            const probe = await plain.probeDeletes();
            if (probe.kind === 'off')
                return { kind: 'off', error: withAdvice(probe.error, OWN_API) };
            return probe.kind === 'on' ? { kind: 'unclear' } : probe;
        },
    };
}
function plainNotice(aws) {
    const effect = 'build dates count, since ECR reports push times to signed requests only';
    if (aws.kind === 'half')
        return `${aws.given} is set, but ${aws.missing} is not; ${effect}`;
    if (aws.kind === 'keys')
        return `this registry has no API for these keys; ${effect}`;
    return `${effect}; run aws-actions/configure-aws-credentials before this step (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)`;
}
function take({ digest, tags, pushed, pulled }, draft) {
    const ages = observations({ pushed, pulled });
    draft.manifests.set(digest, { ages, locked: null });
    if (tags.length === 0)
        draft.untagged.add(digest);
    for (const tag of tags)
        draft.tags.set(tag, { digest, ages, locked: null });
}
async function listEcrRepositories(context) {
    const ask = askOf(context, context.registry, context.apiUrl);
    if (ask === null)
        return context.catalog();
    const names = [];
    let unread = 0;
    await readEcrPages(ask, 'DescribeRepositories', {}, parseEcrRepositories, ({ entries, dropped }) => {
        names.push(...entries);
        unread += dropped;
    });
    if (unread === 0)
        return names;
    throw new domain_errors/* WardenError */.Sh('protocol', `DescribeRepositories: ${unread} entries could not be read`);
}
function withEcrLogin(parts) {
    const { keychain, mask } = parts;
    const remember = createMasker(mask);
    const logins = new Map();
    return async (target) => {
        const credential = await keychain(target);
        const { registry } = target;
        if (credential.kind !== 'anonymous' || registry.provider !== 'ecr')
            return credential;
        const ask = askOf(parts, registry, parts.apiUrl);
        if (ask === null)
            return credential;
        const login = logins.get(registry.origin) ?? logIn(ask);
        logins.set(registry.origin, login);
        return login;
    };
    async function logIn(ask) {
        const { username, password } = parseEcrLogin(await ask('GetAuthorizationToken', {}));
        remember(password);
        return { kind: 'basic', username, password, source: 'the AWS keys in the environment' };
    }
}
function askOf(parts, registry, apiUrl) {
    const { aws } = parts;
    if (aws.kind !== 'keys')
        return null;
    const place = ecrPlace(registry, apiUrl, aws.keys);
    return place === null ? null : createAskEcr(place, aws.keys, parts);
}

// EXTERNAL MODULE: ./src/domain/vendors/ghcr.js
var ghcr = __webpack_require__(2130);
;// CONCATENATED MODULE: ./src/wire/vendors/github-packages.js



const versionSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    id: schemas/* int */.Whr().min(1),
    name: digest,
    created_at: entries_timestamp,
    updated_at: entries_timestamp,
    metadata: schemas/* object */.Ikc({ container: schemas/* object */.Ikc({ tags: (0,json/* listOf */.c3)(tag) }) }),
})
    .transform((wire) => ({
    id: wire.id,
    digest: wire.name,
    tags: wire.metadata.container.tags,
    created: wire.created_at,
    updated: wire.updated_at,
})));
function parseVersions(body) {
    const what = 'the list of versions';
    return readEntries(versionSchema, (0,json/* readAs */.fd)(schemas/* array */.YOg(schemas/* unknown */.L5J()), (0,json/* parseJson */.qF)(body, what), what));
}
function parseVersion(body) {
    return (0,json/* readAs */.fd)(versionSchema, (0,json/* parseJson */.qF)(body, 'the version'), 'the version');
}

;// CONCATENATED MODULE: ./src/registry/vendors/github-packages.js









const ADMIN_HINT = ghcr/* ghcr */.p.grants.api;
function createGitHubPackages(context) {
    const { name, apiUrl, github } = context;
    const ask = ofPackage(context, withinLimits(context, authorisedApi(context, apiUrl ?? github.apiUrl)));
    const purpose = (what) => `${what} ${name} in GitHub's packages`;
    const list = async (state, take) => {
        const query = `per_page=100&state=${state}`;
        await readVendorList(ask, {
            question: {
                path: '',
                query,
                purpose: purpose(state === 'active' ? 'versions of' : 'deleted versions of'),
            },
            size: 100,
            read: parseVersions,
            key: ({ id }) => String(id),
            take: (entries, dropped) => (take(entries, dropped) ? undefined : 'stop'),
            following: (page) => withPage(query, page),
            advice: ADMIN_HINT,
        });
    };
    let deleted = new Map();
    const digestOfDeleted = async (id) => {
        if (!deleted.has(id)) {
            deleted = new Map();
            await list('deleted', (versions) => {
                for (const version of versions)
                    deleted.set(version.id, version.digest);
                return !deleted.has(id);
            }).catch((error) => {
                if (!(error instanceof domain_errors/* WardenError */.Sh))
                    throw error;
            });
        }
        return deleted.get(id) ?? null;
    };
    return {
        list: (take) => list('active', take),
        version: async (id) => {
            const exchange = await ask({ path: `/${id}`, purpose: purpose('a version of') });
            if (exchange.response.status === 404)
                return null;
            if (exchange.response.status !== 200)
                throw vendorFailure(exchange, ADMIN_HINT);
            return parseVersion(exchange.response.body);
        },
        remove: (id) => ask({ method: 'DELETE', path: `/${id}`, purpose: purpose('deletion of a version of') }),
        restore: async (id, digest) => {
            if ((await digestOfDeleted(id)) !== digest)
                return false;
            const question = { path: `/${id}/restore`, purpose: purpose('restoring a version of') };
            const exchange = await ask({ ...question, method: 'POST' });
            if (exchange.response.status !== 204)
                throw vendorFailure(exchange, ADMIN_HINT);
            return true;
        },
    };
}
function ofPackage({ repository }, ask) {
    const [owner = '', ...rest] = repository.path.split('/');
    return ofOwner(`${segment(owner)}/packages/container/${segment(rest.join('/'))}/versions`, ask);
}
function ofOwner(address, ask) {
    let kind = null;
    return async (question) => {
        if (kind !== null)
            return ask({ ...question, path: `${kind}/${address}${question.path}` });
        const exchange = await ask({ ...question, path: `orgs/${address}${question.path}` });
        if (exchange.response.status !== 404)
            kind = 'orgs';
        if (kind !== null)
            return exchange;
        const second = await ask({ ...question, path: `users/${address}${question.path}` });
        if (second.response.status !== 404)
            kind = 'users';
        return second;
    };
}
function authorisedApi({ send, github, mask, name }, base) {
    const { token } = github;
    if (token !== null)
        createMasker(mask)(token);
    return createVendorApi({
        send,
        base,
        headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
        limits: { limits: 'github', longestWait: LONGEST_WAIT },
        authorization: () => {
            if (token !== null)
                return Promise.resolve(`Bearer ${token}`);
            throw new domain_errors/* WardenError */.Sh('unauthorized', `${name}: GHCR is listed and pruned through GitHub's API, and github-token is empty`, {
                advice: ADMIN_HINT,
            });
        },
    });
}
const LONGEST_WAIT = 5 * 60_000;
function withinLimits({ clock }, ask) {
    return async (question) => {
        const exchange = await ask(question);
        const wait = limitWait(exchange, clock());
        if (wait !== null && question.method !== 'DELETE')
            throw limitReached(exchange, wait);
        return exchange;
    };
}
function limitWait({ response }, now) {
    return (0,rate_limit/* rateLimitOf */.t)(response, 'github', now)?.asked ?? null;
}
function limitReached({ purpose }, wait) {
    return new domain_errors/* WardenError */.Sh('rate-limit', `${purpose}: GitHub's rate limit asks to wait ${Math.ceil(wait / 1000)} s`, { advice: 'Run again later; it continues where it stopped' });
}
async function listGitHubRepositories(context) {
    const { apiUrl, github, registry } = context;
    const owner = ownerOf(context);
    const api = authorisedApi({ ...context, name: registry.host }, apiUrl ?? github.apiUrl);
    const query = 'package_type=container&per_page=100';
    const names = await readNames(ofOwner(`${segment(owner)}/packages`, withinLimits(context, api)), {
        question: { path: '', query, purpose: `packages of ${owner} at GitHub` },
        size: 100,
        read: parseNames,
        following: (page) => withPage(query, page),
        advice: 'github-token needs the scope read:packages, or the job `permissions: packages: read`',
    });
    return names.map((name) => `${owner}/${name}`);
}

;// CONCATENATED MODULE: ./src/registry/vendors/ghcr.js








const LOOKS = 4;
const LOOK_AGAIN = 2_000;
function openGhcr(context) {
    const { client, name, log, swap, sleep } = context;
    const packages = createGitHubPackages(context);
    const versions = new Map();
    const placeholders = new Map();
    let told = false;
    async function list() {
        const found = new Map();
        let dropped = 0;
        await packages.list((page, unread) => {
            for (const version of page)
                found.set(version.digest, version);
            dropped += unread;
            return true;
        });
        if (dropped > 0)
            log.notice(`${name}: ${dropped} versions in GitHub's list could not be read`);
        for (const { id, digest, tags } of found.values())
            versions.set(digest, { id, tags: new Set(tags) });
        return listingOf([...found.values()], dropped === 0);
    }
    async function find(digest) {
        const known = versions.get(digest);
        if (known !== undefined)
            return known;
        const tag = placeholders.get(digest);
        for (let looks = 1; looks <= LOOKS; looks += 1) {
            let id = null;
            await packages.list((page) => {
                id = page.find((version) => version.digest === digest)?.id ?? null;
                return id === null;
            });
            if (id !== null)
                return { id, tags: new Set(tag === undefined ? [] : [tag]) };
            if (tag === undefined)
                return null;
            if (looks < LOOKS)
                await sleep(LOOK_AGAIN).catch(() => undefined);
        }
        return null;
    }
    async function remove(digest) {
        const known = await find(digest);
        if (known === null)
            return unlisted(digest);
        const current = await packages.version(known.id);
        if (current === null)
            return { kind: 'gone', error: null };
        const objection = objectionTo(current, digest, known, name);
        if (objection !== null)
            return objection;
        const outcome = await deleteVersion(packages, known.id, context.clock());
        if (outcome.kind === 'done' && !told) {
            told = true;
            log.info(`${name}: GitHub can restore deleted versions for 30 days`);
        }
        return outcome;
    }
    async function unlisted(digest) {
        if ((await client.head(digest)) === null)
            return { kind: 'gone', error: null };
        const message = `${name}: GitHub lists no version ${(0,names_digest/* shortDigest */.VK)(digest)}, though the registry has it`;
        return { kind: 'failed', error: new domain_errors/* WardenError */.Sh('protocol', message, { advice: 'Run again later' }) };
    }
    async function pushPlaceholder(...[tag, created]) {
        const digest = await client.pushPlaceholder(tag, created);
        placeholders.set(digest, tag);
        return digest;
    }
    async function rehearse() {
        const tag = freshTag();
        const outcome = await settled(async () => remove(await pushPlaceholder(tag, null)));
        if (outcome.error === null)
            return { kind: 'on' };
        const advice = `${outcome.error.advice ?? ADMIN_HINT}. The tag ${tag} may be left behind`;
        const error = withAdvice(outcome.error, advice);
        return { kind: outcome.kind === 'denied' ? 'denied' : 'failed', error };
    }
    return {
        capabilities: ghcr/* ghcr */.p.capabilities,
        list,
        untag: () => Promise.resolve(NO_UNTAG),
        deleteManifest: (digest) => settled(() => remove(digest)),
        putManifest: client.putManifest,
        versionOf: (digest) => versions.get(digest)?.id ?? null,
        restoreVersion: packages.restore,
        probeDeletes: () => (swap ? rehearse() : Promise.resolve({ kind: 'unclear' })),
        pushPlaceholder,
        preparePlaceholder: client.preparePlaceholder,
    };
}
const NO_UNTAG = {
    kind: 'unsupported',
    error: new domain_errors/* WardenError */.Sh('unsupported', 'GHCR cannot remove a tag without its manifest', {
        advice: 'shared-digest: swap moves the tag to a placeholder and deletes that',
    }),
};
function listingOf(versions, complete) {
    const manifests = new Map(versions.map(({ digest, created, updated }) => [
        digest,
        { ages: observations({ pushed: created, updated }), locked: null },
    ]));
    const untagged = versions.filter(({ tags }) => tags.length === 0).map(({ digest }) => digest);
    const tags = new Map(versions.flatMap(({ digest, tags: names }) => names.map((tag) => [tag, { digest, ages: [], locked: null }])));
    return { tags, manifests, untagged: complete ? untagged : [], complete, tellsPushTimes: true };
}
function objectionTo(current, digest, known, name) {
    if (current.digest !== digest) {
        const message = `${name}: version ${known.id} is ${current.digest} now, no longer ${digest}`;
        return { kind: 'failed', error: new domain_errors/* WardenError */.Sh('integrity', message, { advice: 'Run again' }) };
    }
    const added = current.tags.filter((tag) => !known.tags.has(tag));
    if (added.length === 0)
        return null;
    const message = `${name}: ${(0,names_digest/* shortDigest */.VK)(digest)} was given the tag ${added[0]} in the meantime`;
    return { kind: 'referenced', error: new domain_errors/* WardenError */.Sh('denied', message) };
}
async function deleteVersion(packages, id, now) {
    const exchange = await packages.remove(id);
    const wait = limitWait(exchange, now);
    if (wait !== null)
        return { kind: 'again', wait, error: limitReached(exchange, wait) };
    const { status } = exchange.response;
    if (status === 404) {
        if ((await packages.version(id)) === null)
            return { kind: 'done', error: null };
        return { kind: 'denied', error: vendorFailure(exchange, ADMIN_HINT) };
    }
    if (status === 400)
        return retained(exchange.purpose, textOf(exchange));
    const outcome = outcomeOf(exchange, ADMIN_HINT);
    return outcome.error !== null && failures_isRefusal(outcome.error) ? { ...outcome, kind: 'denied' } : outcome;
}
function retained(purpose, said) {
    const reason = said === '' ? 'the version may not be deleted' : said;
    return { kind: 'locked', error: new domain_errors/* WardenError */.Sh('denied', `${purpose}: GitHub keeps it: ${reason}`) };
}

// EXTERNAL MODULE: ./src/domain/vendors/gitea.js
var gitea = __webpack_require__(2424);
;// CONCATENATED MODULE: ./src/wire/vendors/gitea.js





const gitea_versionSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ name: schemas/* string */.YjP(), version: schemas/* string */.YjP(), created_at: entries_timestamp })
    .transform((wire, context) => {
    const { name: image, version, created_at: created } = wire;
    if ((0,names_digest/* isDigest */.Bc)(version))
        return { image, name: { digest: version }, created };
    if ((0,names_tag/* isTag */.dz)(version))
        return { image, name: { tag: version }, created };
    context.addIssue({ code: 'custom', message: 'is neither a tag nor a digest' });
    return core/* NEVER */.tm;
}));
function parseGiteaVersions(body) {
    const what = 'the list of packages';
    return readEntries(gitea_versionSchema, (0,json/* readAs */.fd)(schemas/* array */.YOg(schemas/* unknown */.L5J()), (0,json/* parseJson */.qF)(body, what), what));
}

;// CONCATENATED MODULE: ./src/registry/vendors/gitea.js






const gitea_PAGE = 50;
function openGitea(context) {
    const { client, name, repository } = context;
    const [owner = '', ...rest] = repository.path.split('/');
    const image = rest.join('/');
    const ask = gitea_askOf(context);
    const list = (draft) => readVersions(ask, { owner, search: image, purpose: `versions of ${name} in Gitea's packages` }, (all, dropped) => {
        for (const version of all) {
            if (version.image.toLowerCase() === image)
                gitea_take(version, draft);
        }
        draft.drop(dropped);
    });
    return {
        ...openDistribution(client, gitea/* gitea */.n.capabilities),
        list: () => readListing(list, { what: `versions of ${name}`, listsUntagged: true }),
    };
}
async function listGiteaRepositories(context) {
    const { registry, owner, catalog } = context;
    if (owner === null)
        return catalog();
    const names = new Set();
    const purpose = `packages of ${owner} at ${registry.host}`;
    await readVersions(gitea_askOf({ ...context, repository: context.target }), { owner, search: null, purpose }, (all) => {
        for (const { image } of all)
            names.add(`${owner}/${image}`);
    });
    return [...names];
}
function gitea_take({ name, created }, draft) {
    const facts = { ages: observations({ pushed: created }), locked: null };
    if ('tag' in name)
        draft.tags.set(name.tag, { ...facts, digest: null });
    else {
        draft.manifests.set(name.digest, facts);
        draft.untagged.add(name.digest);
    }
}
function readVersions(ask, { owner, search, purpose }, take) {
    const query = `type=container${search === null ? '' : `&q=${segment(search)}`}&limit=${gitea_PAGE}`;
    return readVendorList(ask, {
        question: { path: `packages/${segment(owner)}`, query: `${query}&page=1`, purpose },
        size: gitea_PAGE,
        read: parseGiteaVersions,
        key: ({ image, name }) => `${image}@${'tag' in name ? name.tag : name.digest}`,
        take: (versions, dropped) => {
            take(versions, dropped);
        },
        following: (page) => withPage(query, page),
        advice: gitea/* gitea */.n.grants.api,
    });
}
function gitea_askOf(context) {
    const { send, apiUrl, keychain, repository } = context;
    return createVendorApi({
        send,
        base: apiBase(apiUrl, repository.registry.origin, '/api/v1'),
        authorization: async () => basicAuthorization(await keychain(repository)),
    });
}

;// CONCATENATED MODULE: ./src/wire/vendors/gitlab.js



const gitlab_tagSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    name: tag,
    digest: optionalDigest,
    created_at: entries_timestamp.optional(),
    updated_at: entries_timestamp.optional(),
    published_at: entries_timestamp.optional(),
})
    .transform((wire) => ({
    name: wire.name,
    digest: wire.digest,
    published: [wire.published_at, wire.updated_at, wire.created_at].find((at) => at !== undefined) ?? null,
})));
const gitlab_listOf = (body, what) => (0,json/* readAs */.fd)(schemas/* array */.YOg(schemas/* unknown */.L5J()), (0,json/* parseJson */.qF)(body, what), what);
function parseGitLabTags(body) {
    return readEntries(gitlab_tagSchema, gitlab_listOf(body, 'the list of tags'));
}
const repositorySchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ id: schemas/* int */.Whr().min(1), path: schemas/* string */.YjP() }));
function parseGitLabRepositories(body) {
    return readEntries(repositorySchema, gitlab_listOf(body, 'the list of registry repositories'));
}
function parseGitLabTagNames(body) {
    const named = schemas/* object */.Ikc({ name: tag }).transform(({ name }) => name);
    return readEntries(named, gitlab_listOf(body, 'the list of tags'));
}
const detailSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ created_at: entries_timestamp, digest: optionalDigest }));
function parseGitLabTagDate(body) {
    return (0,json/* readAs */.fd)(detailSchema, (0,json/* parseJson */.qF)(body, 'the tag'), 'the tag');
}

;// CONCATENATED MODULE: ./src/registry/vendors/gitlab-rest.js







const gitlab_rest_GRANT = 'GitLab needs a personal, group or project access token with read_api as password';
const MAX_DATED = 1000;
const MAX_LEVELS = 2;
async function listByRest(context, base, draft) {
    const { repository, name, log } = context;
    const ask = createVendorApi({
        send: context.send,
        base: apiBase(base, base.origin, '/api/v4'),
        authorization: async () => tokenOf(await context.keychain(repository)),
    });
    const tagsPath = await findRepository(ask, context);
    const tags = [];
    await readVendorList(ask, {
        question: { path: tagsPath, query: 'per_page=100', purpose: `tags of ${name} at GitLab's API` },
        size: 100,
        read: parseGitLabTagNames,
        key: (tag) => tag,
        take: (entries, dropped) => {
            tags.push(...entries);
            draft.drop(dropped);
        },
        following: (page) => withPage('per_page=100', page),
        advice: gitlab_rest_GRANT,
    });
    if (tags.length > MAX_DATED) {
        log.notice(`${name}: GitLab reports dates one by one, so only ${MAX_DATED} of ${tags.length} tags get one`);
    }
    await Promise.all(tags.slice(0, MAX_DATED).map((tag) => readDate(ask, `${tagsPath}/${segment(tag)}`, tag, draft)));
}
async function readDate(ask, path, tag, draft) {
    const exchange = await ask({ path, purpose: `date of the tag ${tag} at GitLab's API` });
    if (exchange.response.status === 404)
        return;
    if (exchange.response.status !== 200)
        throw vendorFailure(exchange, gitlab_rest_GRANT);
    const { digest, created_at: built } = parseGitLabTagDate(exchange.response.body);
    draft.tags.set(tag, { digest, ages: observations({ config: built }), locked: null });
}
async function findRepository(ask, { repository, name }) {
    const parts = repository.path.split('/');
    for (let length = parts.length; length >= Math.max(2, parts.length - MAX_LEVELS); length -= 1) {
        const project = `projects/${segment(parts.slice(0, length).join('/'))}/registry/repositories`;
        const id = await repositoryId(ask, project, repository.path, name);
        if (id !== null)
            return `${project}/${id}/tags`;
    }
    throw new domain_errors/* WardenError */.Sh('not-found', `${name}: GitLab's API knows no project with this registry repository`, {
        advice: gitlab_rest_GRANT,
    });
}
async function repositoryId(ask, path, wanted, name) {
    let id = null;
    try {
        await readVendorList(ask, {
            question: { path, query: 'per_page=100', purpose: `registry repositories of ${name} at GitLab's API` },
            size: 100,
            read: parseGitLabRepositories,
            key: (entry) => entry.path,
            take: (entries) => {
                id ??= entries.find((entry) => entry.path === wanted)?.id ?? null;
                return id === null ? undefined : 'stop';
            },
            following: (page) => withPage('per_page=100', page),
            advice: gitlab_rest_GRANT,
        });
    }
    catch (error) {
        if (error instanceof domain_errors/* WardenError */.Sh && error.kind === 'not-found')
            return null;
        throw error;
    }
    return id;
}
function tokenOf(credential) {
    return credential.kind === 'basic' ? `Bearer ${credential.password}` : null;
}
async function listGitLabRepositories(context) {
    const { send, apiUrl, registry, target, keychain } = context;
    const owner = ownerOf(context);
    const base = apiUrl ?? (registry.host === 'registry.gitlab.com' ? new URL('https://gitlab.com') : null);
    if (base === null) {
        throw new domain_errors/* WardenError */.Sh('unsupported', `${registry.host} shows no catalog; GitLab's API does`, {
            advice: 'Set provider-api-url to its base, such as https://gitlab.example/api/v4',
        });
    }
    const ask = createVendorApi({
        send,
        base: apiBase(base, base.origin, '/api/v4'),
        authorization: async () => tokenOf(await keychain(target)),
    });
    const query = 'per_page=100';
    return readNames(ask, {
        question: {
            path: `groups/${segment(owner)}/registry/repositories`,
            query,
            purpose: `registry repositories of the group ${owner} at GitLab`,
        },
        size: 100,
        read: parsePaths,
        following: (page) => withPage(query, page),
        advice: gitlab_rest_GRANT,
    });
}

// EXTERNAL MODULE: ./src/domain/vendors/gitlab.js
var gitlab = __webpack_require__(4579);
;// CONCATENATED MODULE: ./src/registry/vendors/gitlab.js








const gitlab_GRANT = gitlab/* gitlab */.M.grants.api;
const NO_DATES = 'The registry reports push times when it has a metadata database, to a login that may pull the repository';
function openGitLab(context) {
    const { client, repository, name, log, apiUrl, sendToRegistry } = context;
    const own = createRegistryApi(sendToRegistry, repository, `/gitlab/v1/repositories/${repository.path}`, [
        'pull',
    ]);
    const old = createRegistryApi(sendToRegistry, repository, `/v2/${repository.path}`, ['pull']);
    const listByRegistry = (draft) => readVendorList(own, {
        question: { path: 'tags/list/', query: 'n=1000', purpose: `push times of ${name}` },
        size: 1000,
        read: parseGitLabTags,
        key: ({ name: tag }) => tag,
        take: (entries, dropped) => {
            for (const { name: tag, digest, published } of entries) {
                const ages = observations({ pushed: published, updated: published });
                draft.tags.set(tag, { digest, ages, locked: null });
            }
            draft.drop(dropped);
        },
        following: (_page, last) => `n=1000&last=${encodeURIComponent(last)}`,
        advice: NO_DATES,
    });
    async function hasDatabase() {
        const base = createRegistryApi(sendToRegistry, repository, '/gitlab/v1', ['pull']);
        const { response } = await base({ path: '', purpose: `GitLab's API of ${repository.registry.host}` });
        return response.status !== 404 && response.status !== 405;
    }
    async function list() {
        let isAbsent = false;
        const byRegistry = async (draft) => {
            try {
                await listByRegistry(draft);
            }
            catch (error) {
                isAbsent = draft.tags.size === 0 && saysNoSuchPath(error) && !(await hasDatabase());
                if (!isAbsent)
                    throw error;
            }
        };
        const listing = await readListing(byRegistry, {
            what: `push times of ${name}`,
            listsUntagged: false,
        });
        if (!isAbsent)
            return listing;
        if (apiUrl === null) {
            log.info(`${name}: a GitLab registry without metadata database reports no push times; build dates count`);
            return NOTHING_TOLD;
        }
        const byRest = (draft) => listByRest(context, apiUrl, draft);
        const dates = await readListing(byRest, { what: `dates of ${name}`, listsUntagged: false });
        return { ...dates, tellsPushTimes: false, datesTags: false };
    }
    const untagAsBefore = async (tag, native) => {
        const path = `tags/reference/${segment(tag)}`;
        const exchange = await old({ method: 'DELETE', path, purpose: `deletion of ${name}:${tag}` });
        const isThere = exchange.response.status === 404 && (await client.head(tag)) !== null;
        return isThere ? native : outcomeOf(exchange, gitlab_GRANT);
    };
    return {
        capabilities: gitlab/* gitlab */.M.capabilities,
        list,
        untag: (tag) => settled(async () => {
            const outcome = await client.deleteManifest(tag);
            return protectedOr(outcome.kind === 'unsupported' ? await untagAsBefore(tag, outcome) : outcome);
        }),
        deleteManifest: async (digest) => protectedOr(await client.deleteManifest(digest)),
        putManifest: client.putManifest,
        probeDeletes: () => probeByNothing(client),
    };
}
function saysNoSuchPath(error) {
    return error instanceof domain_errors/* WardenError */.Sh && [404, 405].includes(error.exchange?.status ?? 0);
}
function protectedOr(outcome) {
    const isKept = outcome.kind === 'denied' && isRule(outcome.error.message);
    return isKept ? { kind: 'locked', error: outcome.error } : outcome;
}

// EXTERNAL MODULE: ./src/domain/vendors/gar.js
var gar = __webpack_require__(5552);
;// CONCATENATED MODULE: ./src/registry/vendors/google.js








function openGoogle(context) {
    const { client } = context;
    let first = null;
    let isShared = false;
    function read(by) {
        if (first !== null && first.by !== by && !isShared) {
            isShared = true;
            return first.answer;
        }
        const answer = client.tagList();
        first = { by, answer };
        return answer;
    }
    return {
        reader: { ...client, tags: async () => (await read('tags')).tags },
        vendor: {
            capabilities: gar/* gar */.r.capabilities,
            list: () => read('list').then((list) => google_listingOf(list, context), noneOrFail),
            untag: (tag) => client.deleteManifest(tag),
            deleteManifest: (digest) => client.deleteManifest(digest),
            putManifest: client.putManifest,
            probeDeletes: () => probeByNothing(client),
        },
    };
}
function google_listingOf({ tags, uploads, unread }, { name }) {
    const isSilent = uploads.size === 0 && tags.length > 0;
    const doubts = isSilent ? [`tags of ${name}: the list describes no manifests, so ${AGES_UNKNOWN}`] : [];
    if (unread > 0)
        doubts.push(`manifests of ${name}: ${unread} entries could not be read`);
    const manifests = new Map([...uploads].map(([digest, { uploaded, created }]) => [
        digest,
        { ages: observations({ pushed: uploaded, config: created }), locked: null },
    ]));
    const untagged = [...uploads].flatMap(([digest, { tags }]) => (tags.length === 0 ? [digest] : []));
    const named = new Map([...uploads].flatMap(([digest, { tags: names }]) => names.map((tag) => [tag, { digest, ages: [], locked: null }])));
    const undescribed = isSilent ? [] : tags.filter((tag) => !named.has(tag));
    if (undescribed.length > 0)
        doubts.push(`tags of ${name}: the list does not describe all manifests (none has ${(0,domain_text/* someNames */.Xq)(undescribed, 3)})`);
    const complete = unread === 0 && undescribed.length === 0;
    return {
        tags: named,
        manifests,
        untagged: complete ? untagged : [],
        complete,
        tellsPushTimes: true,
        doubts,
    };
}
function noneOrFail(error) {
    if (error instanceof domain_errors/* WardenError */.Sh && error.kind === 'not-found-repository')
        return NOTHING_TOLD;
    throw error;
}
const API = 'https://artifactregistry.googleapis.com';
const CATALOG_GRANT = 'Google lists repositories to an access token: user name oauth2accesstoken, with the role Artifact Registry Reader';
async function listGoogleRepositories(context) {
    const { registry, send, apiUrl, keychain, target, catalog } = context;
    const [, location] = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(registry.host) ?? [];
    if (location === undefined && apiUrl === null)
        return catalog();
    const project = ownerOf(context);
    const ask = createVendorApi({
        send,
        base: new URL(apiUrl ?? API),
        authorization: async () => {
            const credential = await keychain(target);
            const isToken = credential.kind === 'basic' && credential.username === 'oauth2accesstoken';
            if (isToken)
                return `Bearer ${credential.password}`;
            throw new domain_errors/* WardenError */.Sh('unauthorized', `repositories of ${project} at ${registry.host}`, {
                advice: CATALOG_GRANT,
            });
        },
    });
    const parent = `v1/projects/${segment(project)}/locations/${location ?? 'us'}/repositories`;
    const repositories = await namesBelow(ask, parent, 'repositories', project);
    const images = await Promise.all(repositories.map(async (repository) => {
        const names = await namesBelow(ask, `${parent}/${segment(repository)}/packages`, 'packages', project);
        return names.map((image) => `${project}/${repository}/${image}`);
    }));
    return images.flat();
}
function namesBelow(ask, path, field, project) {
    const query = 'pageSize=1000';
    return readNames(ask, {
        question: { path, query, purpose: `${field} of ${project} in Artifact Registry` },
        size: 1000,
        read: (body) => parseGoogleNames(field, body),
        more: (token) => `${query}&pageToken=${encodeURIComponent(token)}`,
        following: () => query,
        advice: CATALOG_GRANT,
    });
}

// EXTERNAL MODULE: ./src/domain/vendors/harbor.js
var harbor = __webpack_require__(6654);
;// CONCATENATED MODULE: ./src/wire/vendors/harbor.js



const harbor_tagSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    name: tag,
    push_time: entries_timestamp,
    pull_time: entries_timestamp,
    immutable: schemas/* boolean */.zMY().nullish().catch(null),
})
    .transform((wire) => ({
    name: wire.name,
    pushed: wire.push_time,
    pulled: wire.pull_time,
    immutable: wire.immutable ?? false,
})));
const artifactSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    digest: digest,
    push_time: entries_timestamp,
    pull_time: entries_timestamp,
    tags: (0,json/* listOf */.c3)(harbor_tagSchema).nullish(),
})
    .transform((wire) => ({
    digest: wire.digest,
    pushed: wire.push_time,
    pulled: wire.pull_time,
    tags: wire.tags ?? [],
})));
function parseArtifacts(body) {
    const what = 'the list of artifacts';
    return readEntries(artifactSchema, (0,json/* readAs */.fd)(schemas/* array */.YOg(schemas/* unknown */.L5J()), (0,json/* parseJson */.qF)(body, what), what));
}

;// CONCATENATED MODULE: ./src/registry/vendors/harbor.js









const harbor_GRANT = harbor/* harbor */.P.grants.api;
function openHarbor(context) {
    const { client, repository, name } = context;
    const ask = createVendorApi({
        send: context.send,
        base: apiBase(context.apiUrl, repository.registry.origin, '/api/v2.0'),
        authorization: async () => basicAuthorization(await context.keychain(repository)),
    });
    const artifacts = artifactsPath(repository.path);
    const query = 'page=1&page_size=100&with_tag=true&with_immutable_status=true';
    const list = (draft) => readVendorList(ask, {
        question: { path: artifacts, query, purpose: `artifacts of ${name}` },
        size: 100,
        read: parseArtifacts,
        key: ({ digest }) => digest,
        take: (entries, dropped) => {
            for (const artifact of entries)
                harbor_take(artifact, draft);
            draft.drop(dropped);
        },
        following: (page) => withPage(query, page),
        advice: harbor_GRANT,
    });
    return {
        capabilities: harbor/* harbor */.P.capabilities,
        list: () => readListing(list, { what: `artifacts of ${name}`, listsUntagged: true }),
        untag: (tag, digest) => settled(async () => {
            const path = `${artifacts}/${digest ?? segment(tag)}/tags/${segment(tag)}`;
            const exchange = await ask({ method: 'DELETE', path, purpose: `deletion of ${name}:${tag}` });
            return untagOutcome(exchange, harbor_GRANT, async () => (await client.head(tag)) !== null);
        }),
        deleteManifest: async (digest) => preconditionOf(await client.deleteManifest(digest)),
        putManifest: client.putManifest,
        probeDeletes: () => probeByNothing(client),
    };
}
function artifactsPath(path) {
    const [project = '', ...rest] = path.split('/');
    return `projects/${segment(project)}/repositories/${segment(segment(rest.join('/')))}/artifacts`;
}
function harbor_take({ digest, pushed, pulled, tags }, draft) {
    const kept = tags.find(({ immutable }) => immutable);
    const locked = kept === undefined ? null : `an immutability rule of Harbor keeps the tag ${kept.name}`;
    draft.manifests.set(digest, { ages: observations({ pushed, pulled }), locked });
    if (tags.length === 0)
        draft.untagged.add(digest);
    for (const { name, immutable, ...dates } of tags) {
        const ages = observations({ pushed: dates.pushed, pulled: dates.pulled });
        draft.tags.set(name, {
            digest,
            ages,
            locked: immutable ? 'an immutability rule of Harbor keeps it' : null,
        });
    }
}
function preconditionOf(outcome) {
    if (outcome.error?.exchange?.status !== 412)
        return outcome;
    const kind = isRule(outcome.error.message) ? 'locked' : 'referenced';
    return { kind, error: outcome.error };
}
function listHarborRepositories(context) {
    const { send, apiUrl, registry, target, keychain, owner } = context;
    const ask = createVendorApi({
        send,
        base: apiBase(apiUrl, registry.origin, '/api/v2.0'),
        authorization: async () => basicAuthorization(await keychain(target)),
    });
    const query = 'page=1&page_size=100';
    return readNames(ask, {
        question: {
            path: owner === null ? 'repositories' : `projects/${segment(owner)}/repositories`,
            query,
            purpose: `repositories of ${owner ?? 'all projects'} at ${registry.host}`,
        },
        size: 100,
        read: parseNames,
        following: (page) => withPage(query, page),
        advice: 'On Harbor the account needs to list repositories of the project',
    });
}

;// CONCATENATED MODULE: ./src/registry/vendors/openshift.js

const CLUSTER = 'In OpenShift tags are resources of the cluster: oc tag -d NAME:TAG removes one, oc adm prune images what is old';
function openOpenShift({ client }) {
    const plain = openDistribution(client);
    return {
        ...plain,
        untag: async (tag, digest) => {
            const outcome = await plain.untag(tag, digest);
            if (outcome.kind !== 'unsupported')
                return outcome;
            return { kind: 'unsupported', error: withAdvice(outcome.error, CLUSTER) };
        },
        probeDeletes: async () => {
            const probe = await plain.probeDeletes();
            return probe.kind === 'off' ? { kind: 'off', error: withAdvice(probe.error, CLUSTER) } : probe;
        },
    };
}

// EXTERNAL MODULE: ./src/domain/vendors/quay.js
var quay = __webpack_require__(8204);
;// CONCATENATED MODULE: ./src/wire/vendors/quay.js




const quay_seconds = schemas/* number */.aig()
    .transform((value) => (0,timestamp/* believed */.ty)(value * 1000))
    .nullish()
    .catch(null);
const quay_tagSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    name: tag,
    manifest_digest: optionalDigest,
    start_ts: quay_seconds,
    end_ts: schemas/* unknown */.L5J().optional(),
    expiration: schemas/* unknown */.L5J().optional(),
    immutable: schemas/* unknown */.L5J().optional(),
})
    .transform((wire) => ({
    name: wire.name,
    digest: wire.manifest_digest,
    started: wire.start_ts ?? null,
    ended: typeof wire.end_ts === 'number' && typeof wire.expiration !== 'string',
    immutable: wire.immutable === true,
})));
const quay_pageSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ tags: schemas/* array */.YOg(schemas/* unknown */.L5J()), has_additional: schemas/* boolean */.zMY().nullish() }));
function parseQuayTags(body) {
    const what = 'the list of tags';
    const { tags, has_additional } = (0,json/* readAs */.fd)(quay_pageSchema, (0,json/* parseJson */.qF)(body, what), what);
    return { ...readEntries(quay_tagSchema, tags), hasMore: has_additional ?? false };
}

;// CONCATENATED MODULE: ./src/registry/vendors/quay.js









const quay_GRANT = quay/* quay */.d.grants.api;
function openQuay(context) {
    const { client, repository, name } = context;
    const ask = createVendorApi({
        send: context.send,
        base: apiBase(context.apiUrl, repository.registry.origin, '/api/v1'),
        authorization: async () => quay_tokenOf(await context.keychain(repository)),
    });
    const list = (draft) => {
        const queryOf = (page) => `limit=100&page=${page}&onlyActiveTags=true`;
        const question = {
            path: `repository/${repository.path}/tag/`,
            query: queryOf(1),
            purpose: `tags of ${name} at Quay's API`,
        };
        let page = 1;
        return readVendorList(ask, {
            question,
            size: 100,
            read: (body) => {
                const { hasMore, ...entries } = parseQuayTags(body);
                page += 1;
                return { ...entries, next: hasMore ? queryOf(page) : null };
            },
            key: ({ name: tag, ended, started }) => (ended ? `${tag} until ${started}` : tag),
            take: (entries, dropped) => {
                for (const { name: tag, digest, started, ended, immutable } of entries) {
                    const ages = observations({ pushed: started, updated: started });
                    const locked = immutable ? 'an immutability policy of Quay keeps it' : null;
                    if (!ended)
                        draft.tags.set(tag, { digest, ages, locked });
                }
                draft.drop(dropped);
            },
            following: queryOf,
            advice: quay_GRANT,
        });
    };
    async function deleteManifest(digest) {
        const outcome = await client.deleteManifest(digest);
        if (outcome.kind !== 'gone' || (await client.head(digest)) === null)
            return outcome;
        const message = `${name}: Quay deletes ${(0,names_digest/* shortDigest */.VK)(digest)}, which has no tag, by itself once nothing needs it`;
        return { kind: 'locked', error: new domain_errors/* WardenError */.Sh('unsupported', message) };
    }
    return {
        capabilities: quay/* quay */.d.capabilities,
        list: () => readListing(list, { what: `push times of ${name}`, listsUntagged: false }),
        untag: (tag) => client.deleteManifest(tag),
        deleteManifest,
        putManifest: client.putManifest,
        probeDeletes: () => probeByNothing(client),
    };
}
function quay_tokenOf(credential) {
    const isToken = credential.kind === 'basic' && credential.username === '$oauthtoken';
    return isToken ? `Bearer ${credential.password}` : null;
}
async function listQuayRepositories(context) {
    const { send, apiUrl, registry, target, keychain } = context;
    const owner = ownerOf(context);
    const ask = createVendorApi({
        send,
        base: apiBase(apiUrl, registry.origin, '/api/v1'),
        authorization: async () => quay_tokenOf(await keychain(target)),
    });
    const query = `namespace=${encodeURIComponent(owner)}&public=true`;
    const names = await readNames(ask, {
        question: { path: 'repository', query, purpose: `repositories of ${owner} at Quay` },
        size: 100,
        read: parseQuayRepositories,
        more: (token) => `${query}&next_page=${encodeURIComponent(token)}`,
        following: (page) => `${query}&page=${page}`,
        advice: quay_GRANT,
    });
    return names.map((name) => `${owner}/${name}`);
}

;// CONCATENATED MODULE: ./src/registry/vendors/vendor.js

















const reading = (open) => (context, hub) => ({ reader: context.client, vendor: open(context, hub) });
const APIS = {
    generic: { open: reading(({ client }) => openDistribution(client, generic/* generic */.M.capabilities)) },
    ghcr: { open: reading(openGhcr), list: listGitHubRepositories },
    'docker-hub': {
        open: reading((context, hub) => openDockerHub(context, hub())),
        list: (context, hub) => listHubRepositories(context, hub()),
    },
    gar: { open: openGoogle, list: listGoogleRepositories },
    acr: { open: reading(openAcr) },
    ecr: { open: reading(openEcr), list: listEcrRepositories },
    quay: { open: reading(openQuay), list: listQuayRepositories },
    gitlab: { open: reading(openGitLab), list: listGitLabRepositories },
    harbor: { open: reading(openHarbor), list: listHarborRepositories },
    openshift: { open: reading(openOpenShift) },
    gitea: { open: reading(openGitea), list: listGiteaRepositories },
};
function createVendors(parts) {
    let apiOwner = null;
    let session = null;
    const hub = (registry) => () => (session ??= hubSession(parts, registry));
    function claimApi(registry) {
        apiOwner ??= registry;
        if (parts.apiUrl === null || apiOwner.origin === registry.origin)
            return;
        const accepted = `It belongs to one registry, but image names ${apiOwner.host} and ${registry.host}: prune them in two steps`;
        throw (0,domain_errors/* inputError */.Xu)('provider-api-url', parts.apiUrl.href, accepted);
    }
    return {
        open: (repository, swap) => {
            const { registry } = repository;
            claimApi(registry);
            const name = (0,reference/* formatRepository */.Sh)(repository);
            const context = { ...parts, repository, name, client: parts.open(repository), swap };
            const { provider, origin } = registry;
            return { name, origin, provider, ...APIS[provider].open(context, hub(registry)) };
        },
        list: async (registry, owner, catalog) => {
            const { list } = APIS[registry.provider];
            if (list === undefined)
                return catalog();
            claimApi(registry);
            return list({ ...parts, registry, owner, catalog, target: { registry, path: null } }, hub(registry));
        },
    };
}
const HUB_API = 'https://hub.docker.com';
function hubSession(parts, registry) {
    const login = parts.registry.origin === registry.origin ? parts.login : null;
    return openHubSession(parts, parts.apiUrl ?? new URL(HUB_API), login);
}

;// CONCATENATED MODULE: ./src/registry/source.js




function createHttpSource({ cache = null, ...parts }) {
    const { sendToRegistry, log } = parts;
    const identify = createIdentify(parts);
    const clientParts = { send: sendToRegistry, log, cache };
    const client = createRegistryClient(clientParts);
    const strict = createRegistryClient({ ...clientParts, forDeletes: true, keepBytes: true });
    const vendors = createVendors({ ...parts, open: strict.open });
    const prober = createProbe(parts);
    return {
        probe: (registry) => prober.probe(identify.byName(registry)),
        grants: ({ registry, path }) => prober.grants({ registry: identify.byName(registry), path }),
        open: (repository) => client.open({ ...repository, registry: identify.byName(repository.registry) }),
        catalog: async (given, owner) => {
            let early = null;
            const registry = await identify.byChallenge(given, () => {
                early = client.catalog(identify.byName(given));
                return early;
            });
            return vendors.list(registry, owner, () => early ?? client.catalog(registry));
        },
        target: async (repository, { swap = false } = {}) => {
            let early = null;
            const registry = await identify.byChallenge(repository.registry, () => {
                early = strict.open({ ...repository, registry: identify.byName(repository.registry) }).tags();
                return early;
            });
            const target = vendors.open({ ...repository, registry }, swap);
            return { ...target, reader: { ...target.reader, tags: startingWith(early, target.reader.tags) } };
        },
    };
}
function startingWith(early, ask) {
    let first = early;
    return async (onTags) => {
        if (first === null)
            return ask(onTags);
        const answer = first;
        first = null;
        const tags = await answer;
        onTags?.(tags);
        return tags;
    };
}

;// CONCATENATED MODULE: ./src/transport/proxy-variables.js
const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];
function unreadableProxies(env) {
    return NAMES.filter((name) => {
        const text = env[name] ?? '';
        return /^https?:\/\//.test(text) && !isReadable(text);
    });
}
function isReadable(text) {
    try {
        const { username, password } = new URL(text);
        decodeURIComponent(username);
        decodeURIComponent(password);
        return true;
    }
    catch {
        return false;
    }
}

// EXTERNAL MODULE: ./src/domain/quantities/concurrency.js
var quantities_concurrency = __webpack_require__(6077);
// EXTERNAL MODULE: external "node:dns/promises"
var external_node_dns_promises_ = __webpack_require__(1553);
;// CONCATENATED MODULE: ./src/transport/addresses.js



const resolveAll = (name) => (0,external_node_dns_promises_.lookup)(name, { all: true, verbatim: true });
const BELOW_LOCALHOST = /\.localhost\.?$/i;
const LOOPBACK = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
];
function createAddresses(resolve = resolveAll) {
    const known = new Map();
    function addressesOf(name) {
        const found = known.get(name);
        if (found !== undefined)
            return found;
        const asked = BELOW_LOCALHOST.test(name) ? Promise.resolve(LOOPBACK) : resolve(name);
        known.set(name, asked);
        asked.catch(() => known.delete(name));
        return asked;
    }
    async function depthsOf(hostname) {
        const name = hostname.replace(/^\[|\]$/g, '');
        if ((0,external_node_net_.isIP)(name) !== 0)
            return [depth(hostScope(name))];
        const addresses = await addressesOf(name);
        if (addresses.length === 0)
            throw notFound(name);
        return addresses.map(({ address }) => depth(hostScope(address)));
    }
    return {
        mayLead: async (from, to) => {
            const target = await depthsOf(to);
            if (from === to || target.every((each) => each === 0))
                return true;
            const source = await depthsOf(from).catch(() => [0]);
            return Math.max(...target) <= Math.min(...source);
        },
        lookup: (hostname, options, callback) => {
            const tell = async () => {
                const outcome = await found(hostname, options);
                process.nextTick(() => answer(outcome, options, callback));
            };
            void tell();
        },
    };
    async function found(hostname, { family }) {
        try {
            const addresses = await addressesOf(hostname);
            const fitting = addresses.filter((each) => (family !== 4 && family !== 6) || each.family === family);
            return fitting.length === 0 ? notFound(hostname) : fitting;
        }
        catch (error) {
            return error instanceof Error ? error : notFound(hostname);
        }
    }
}
function answer(outcome, { all = false }, callback) {
    if (outcome instanceof Error)
        callback(outcome, '');
    else if (all)
        callback(null, [...outcome]);
    else
        callback(null, outcome[0]?.address ?? '', outcome[0]?.family);
}
function notFound(hostname) {
    return Object.assign(new Error(`no address of ${hostname} fits`), { code: 'ENOTFOUND' });
}

;// CONCATENATED MODULE: ./src/transport/builtin.js
const builtin = {
    http: () => process.getBuiltinModule('node:http'),
    https: () => process.getBuiltinModule('node:https'),
    tls: () => process.getBuiltinModule('node:tls'),
};

;// CONCATENATED MODULE: ./src/transport/in-flight.js

const FIRST = 16;
const QUICK = 1.5;
const GROWTH = 2;
const FASTER_EACH_SECOND = 1.3;
const SHORTEST_INTERVAL = 2;
const LONGEST_INTERVAL = 5_000;
function startInFlight(concurrency) {
    const most = (0,quantities_concurrency/* mostInFlight */.f)(concurrency);
    return { limit: concurrency === 'auto' ? FIRST : most, most, quickest: null, cutAt: null, interval: 0 };
}
function afterRound(state, took) {
    const median = medianOf(took);
    const quickest = Math.min(state.quickest ?? median, median);
    if (median > QUICK * quickest)
        return { ...state, quickest };
    const wanted = state.cutAt === null ? state.limit * GROWTH : state.limit + 1;
    return { ...state, quickest, limit: Math.min(state.most, wanted) };
}
function afterRefusal(state, { began, now, elapsed, served }) {
    if (state.cutAt !== null && began < state.cutAt)
        return state;
    const interval = Math.min(served === 0 ? state.interval * 2 : elapsed / served, LONGEST_INTERVAL);
    return { ...state, limit: Math.max(1, Math.floor(state.limit / 2)), cutAt: now, interval };
}
function intervalAt({ cutAt, interval }, now) {
    if (cutAt === null)
        return 0;
    const shortened = interval / FASTER_EACH_SECOND ** ((now - cutAt) / 1000);
    return shortened < SHORTEST_INTERVAL ? 0 : shortened;
}
function medianOf(values) {
    const sorted = [...values].sort((one, other) => one - other);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

;// CONCATENATED MODULE: ./src/transport/gate.js

function createGate(concurrency, monotonic = () => performance.now()) {
    let state = startInFlight(concurrency);
    let round = [];
    let inside = 0;
    let pauses = 0;
    let served = 0;
    let since = { served: 0, at: monotonic() };
    let lastBegan = Number.NEGATIVE_INFINITY;
    let timer = null;
    const ahead = new Set();
    const waiting = new Set();
    const isOpen = () => pauses === 0 && inside < state.limit;
    const untilNext = () => {
        const now = monotonic();
        return Math.max(0, lastBegan + intervalAt(state, now) - now);
    };
    function admitWaiting() {
        while (isOpen()) {
            const [next] = ahead.size > 0 ? ahead : waiting;
            if (next === undefined)
                return;
            const wait = untilNext();
            if (wait > 0) {
                timer ??= setTimeout(() => {
                    timer = null;
                    admitWaiting();
                }, wait);
                return;
            }
            next.admit();
        }
    }
    function refused(began) {
        const now = monotonic();
        const before = state;
        const { served: servedBefore, at } = since;
        state = afterRefusal(state, { began, now, elapsed: now - at, served: served - servedBefore });
        if (state !== before)
            since = { served, at: now };
        round = [];
    }
    function place() {
        inside += 1;
        const began = monotonic();
        lastBegan = began;
        return {
            leave: (ended) => {
                inside -= 1;
                if (ended === 'refused')
                    refused(began);
                else if (ended === 'served') {
                    served += 1;
                    round.push(monotonic() - began);
                    if (round.length >= state.limit) {
                        state = afterRound(state, round);
                        round = [];
                    }
                }
                admitWaiting();
            },
        };
    }
    function queue(stop, line) {
        return new Promise((resolve, reject) => {
            const leave = () => {
                line.delete(self);
                if (ahead.size + waiting.size === 0 && timer !== null)
                    clearTimeout(timer);
                reject(stop.reason);
            };
            const self = {
                admit: () => {
                    line.delete(self);
                    stop.removeEventListener('abort', leave);
                    resolve(place());
                },
            };
            line.add(self);
            stop.addEventListener('abort', leave, { once: true });
            admitWaiting();
        });
    }
    return {
        enter: async (stop, again = false) => {
            stop.throwIfAborted();
            return isOpen() && ahead.size === 0 && untilNext() === 0
                ? place()
                : await queue(stop, again ? ahead : waiting);
        },
        pause: (until) => {
            pauses += 1;
            const resume = () => {
                pauses -= 1;
                admitWaiting();
            };
            until.then(resume, resume);
        },
        served: () => served,
    };
}

;// CONCATENATED MODULE: ./src/transport/proxy.js



function proxyFor(url, env) {
    if (isLoopback(url.hostname) || isExcepted(url, env['no_proxy'] || env['NO_PROXY'] || ''))
        return null;
    const isTls = url.protocol === 'https:';
    const text = (isTls ? env['https_proxy'] || env['HTTPS_PROXY'] : env['http_proxy'] || env['HTTP_PROXY']) ?? '';
    if (text === '')
        return null;
    if (!/^https?:\/\//i.test(text))
        return new URL(/:\/\/|@/.test(text) ? text : `http://${text}`);
    return isReadable(text) ? new URL(text) : null;
}
function isExcepted(url, list) {
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return list
        .split(/[\s,]+/)
        .filter((entry) => entry !== '')
        .some((entry) => matches(entry.toLowerCase(), host, port));
}
function matches(entry, host, port) {
    if (entry === '*')
        return true;
    if ((0,external_node_net_.isIP)(host) !== 0 && entry.includes('/'))
        return inRange(entry, host);
    const [, bracketed, plain = '', wantedPort] = /^(?:\[([^\]]+)\]|(.*?))(?::(\d+))?$/.exec(entry) ?? [];
    const name = (0,external_node_net_.isIP)(entry) === 6 ? entry : (bracketed ?? plain);
    if ((0,external_node_net_.isIP)(entry) !== 6 && wantedPort !== undefined && wantedPort !== port)
        return false;
    const suffix = name.replace(/^\*?\./, '');
    return suffix !== '' && (host === suffix || ((0,external_node_net_.isIP)(host) === 0 && host.endsWith(`.${suffix}`)));
}
function inRange(entry, address) {
    const [network = '', bits = ''] = entry.replace(/[[\]]/g, '').split('/');
    const version = (0,external_node_net_.isIP)(network);
    if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128))
        return false;
    const range = new external_node_net_.BlockList();
    range.addSubnet(network, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
    return range.check(address, (0,external_node_net_.isIP)(address) === 4 ? 'ipv4' : 'ipv6');
}

;// CONCATENATED MODULE: ./src/transport/tunnel.js


class ProxyRefusal extends Error {
    name = 'ProxyRefusal';
    status;
    code;
    constructor(status, cause) {
        super('the proxy opened no tunnel', { cause });
        this.status = status;
        const unavailable = status !== null && [502, 503, 504].includes(status);
        this.code = unavailable ? 'PROXY_UNAVAILABLE' : (cause?.code ?? 'PROXY_REFUSED');
    }
}
function openTunnel(proxy, target, pending, done) {
    const port = target.port === '' ? defaultPort(target) : target.port;
    const request = startConnect(proxy, `${target.hostname}:${port}`);
    pending.add(request);
    request.once('close', () => pending.delete(request));
    request.once('connect', (response, socket, head) => {
        const opened = response.statusCode === 200;
        if (!opened)
            socket.destroy();
        socket.setTimeout(0);
        if (head.length > 0)
            socket.unshift(head);
        done(opened ? null : new ProxyRefusal(response.statusCode ?? 0), socket);
    });
    request.once('timeout', () => request.destroy(new Error('no answer to CONNECT')));
    request.once('error', (error) => done(new ProxyRefusal(null, error), new external_node_net_.Socket()));
    request.end();
}
function startConnect({ url, secureContext, timeout }, authority) {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const options = {
        method: 'CONNECT',
        host,
        servername: (0,external_node_net_.isIP)(host) === 0 ? host : '',
        port: url.port === '' ? defaultPort(url) : url.port,
        path: authority,
        headers: { host: authority, ...proxyAuthorization(url) },
        agent: false,
        timeout,
        ...(secureContext === null ? {} : { secureContext }),
    };
    return (url.protocol === 'https:' ? builtin.https() : builtin.http()).request(options);
}
function defaultPort({ protocol }) {
    return protocol === 'https:' ? 443 : 80;
}
function proxyAuthorization(url) {
    if (url.username === '' && url.password === '')
        return {};
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

;// CONCATENATED MODULE: ./src/transport/agents.js







function createAgents(options) {
    const byOrigin = new Map();
    const addresses = createAddresses(options.resolve);
    const pendingTunnels = new Set();
    const reusedErrors = new WeakSet();
    let opened = 0;
    function open(url) {
        const proxy = proxyOn(url, options);
        const agent = createAgent(url, options, addresses);
        const direct = agent.createConnection.bind(agent);
        agent.createConnection = (target, callback) => {
            opened += 1;
            if (proxy === null)
                return direct(target, callback);
            openTunnel(proxy, url, pendingTunnels, (error, socket) => {
                const secured = error === null && url.protocol === 'https:' ? direct(Object.assign({}, target, { socket })) : null;
                callback?.(error, secured ?? socket);
            });
            return undefined;
        };
        const reuse = agent.reuseSocket.bind(agent);
        agent.reuseSocket = (socket, request) => {
            reuse(socket, request);
            request.once('error', (error) => reusedErrors.add(error));
        };
        return { agent, proxy, gate: createGate(options.concurrency) };
    }
    return {
        of: (url) => {
            const known = byOrigin.get(url.origin) ?? open(url);
            byOrigin.set(url.origin, known);
            return known;
        },
        mayLead: addresses.mayLead,
        proxyOf: (url) => byOrigin.get(url.origin)?.proxy?.url.host ?? null,
        brokeWhenReused: (error) => error instanceof Error && reusedErrors.has(error),
        dropIdle: (url) => {
            const idle = Object.values(byOrigin.get(url.origin)?.agent.freeSockets ?? {});
            for (const socket of idle.flatMap((sockets) => sockets ?? []))
                socket.destroy();
        },
        opened: () => opened,
        dispose: () => {
            for (const { agent } of byOrigin.values())
                agent.destroy();
            for (const request of pendingTunnels)
                request.destroy();
        },
    };
}
function createAgent(url, { insecureOrigins, secureContext, concurrency }, { lookup }) {
    const maxSockets = (0,quantities_concurrency/* mostInFlight */.f)(concurrency);
    const pool = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, lookup };
    if (url.protocol === 'http:')
        return new (builtin.http().Agent)(pool);
    return new (builtin.https().Agent)({
        ...pool,
        ...(secureContext === null ? {} : { secureContext }),
        rejectUnauthorized: !insecureOrigins.has(url.origin),
    });
}
function proxyOn(url, { secureContext, tunnelTimeout, env }) {
    try {
        const proxy = proxyFor(url, env);
        if (proxy === null)
            return null;
        if (proxy.protocol === 'http:' || proxy.protocol === 'https:') {
            return { url: proxy, secureContext, timeout: tunnelTimeout };
        }
    }
    catch {
    }
    throw new domain_errors/* WardenError */.Sh('input', `the proxy for ${url.host} is neither an http:// nor an https:// address`, {
        advice: 'Correct HTTPS_PROXY or HTTP_PROXY, or list the host in NO_PROXY',
    });
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
;// CONCATENATED MODULE: ./src/transport/body.js


class CutBody extends Error {
    name = 'CutBody';
    code = 'CUT';
}
class UnusableBody extends Error {
    name = 'UnusableBody';
}
const errorBytes = 64 * 1024;
const drainBytes = 64 * 1024;
const inflate = (0,external_node_util_.promisify)(external_node_zlib_.gunzip);
async function body_readBody(message, maxBytes, beat) {
    const isError = (message.statusCode ?? 0) >= 300;
    const limit = isError ? Math.min(maxBytes, errorBytes) : maxBytes;
    const announced = announcedLength(message);
    if (!isError && announced !== null && announced > limit) {
        message.destroy();
        throw tooLarge(limit);
    }
    const { bytes, rest } = await collect(message, limit, beat);
    if (rest && !isError)
        throw tooLarge(limit);
    return decode(bytes, message.headers['content-encoding'], limit, isError);
}
async function dropBody(message, method, beat) {
    const announced = announcedLength(message);
    const hasBody = method !== 'HEAD' && message.statusCode !== 204 && message.statusCode !== 304;
    if (hasBody && (announced === null || announced > drainBytes)) {
        message.destroy();
        return Buffer.alloc(0);
    }
    await collect(message, drainBytes, beat).catch(() => message.destroy());
    return Buffer.alloc(0);
}
async function* streamBody(message, beat) {
    try {
        const encoding = (message.headers['content-encoding'] ?? '').trim().toLowerCase();
        if (encoding !== '' && encoding !== 'identity') {
            throw new UnusableBody('has a content encoding that was not asked for');
        }
        for await (const chunk of message) {
            beat(chunk.length);
            yield chunk;
            beat(0);
        }
        if (!message.complete)
            throw new CutBody('the connection was closed mid-response');
    }
    finally {
        message.destroy();
    }
}
function collect(message, limit, beat) {
    return new Promise((resolve, reject) => {
        const chunks = [];
        let length = 0;
        let error = null;
        let isWhole = false;
        message.on('data', (chunk) => {
            beat();
            chunks.push(chunk);
            length += chunk.length;
            if (length <= limit)
                return;
            resolve({ bytes: Buffer.concat(chunks).subarray(0, limit), rest: true });
            message.destroy();
        });
        message.on('end', () => {
            isWhole = message.complete;
            if (isWhole)
                resolve({ bytes: joined(chunks), rest: false });
        });
        message.on('error', (cause) => {
            error = cause;
        });
        message.on('close', () => {
            if (isWhole)
                return;
            reject(new CutBody('the connection was closed mid-response', { cause: error }));
        });
    });
}
function joined(chunks) {
    const [first] = chunks;
    return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}
async function decode(bytes, encoding, limit, lenient) {
    const name = (encoding ?? '').trim().toLowerCase();
    if (name === '' || name === 'identity' || bytes.length === 0)
        return bytes;
    if (name !== 'gzip' && name !== 'x-gzip') {
        if (lenient)
            return Buffer.alloc(0);
        throw new UnusableBody('has a content encoding that was not asked for');
    }
    const finishFlush = lenient ? external_node_zlib_.constants.Z_SYNC_FLUSH : external_node_zlib_.constants.Z_FINISH;
    try {
        return await inflate(bytes, { maxOutputLength: limit, finishFlush });
    }
    catch (error) {
        if (lenient)
            return Buffer.alloc(0);
        if (error instanceof RangeError)
            throw tooLarge(limit);
        throw new UnusableBody('is not valid gzip');
    }
}
function announcedLength(message) {
    const text = message.headers['content-length'] ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
function tooLarge(limit) {
    return new UnusableBody(`is larger than the ${limit} bytes allowed`);
}

;// CONCATENATED MODULE: ./src/transport/exchange.js

const socketTimeout = 2 ** 31 - 1;
let client = null;
const late = { client: () => __webpack_require__.e(/* import() */ 741).then(__webpack_require__.bind(__webpack_require__, 8741)) };
async function loadClient() {
    const { HttpClient } = await late.client();
    return new HttpClient(undefined, [], { socketTimeout });
}
async function exchange(wire) {
    const sender = await (client ??= loadClient());
    return new Promise((resolve, reject) => {
        const node = wire.url.protocol === 'https:' ? builtin.https() : builtin.http();
        let request = null;
        const httpModule = Object.create(node, {
            request: {
                value: (options, answered) => (request = node.request(options, answered)),
            },
        });
        wire.watch.onInterrupt((reason) => {
            request?.destroy();
            reject(reason);
        });
        if (wire.watch.reason() !== null)
            return;
        sender.requestRawWithCallback({ options: optionsOf(wire), parsedUrl: wire.url, httpModule }, wire.body, (error, response) => {
            if (response === undefined)
                reject(error ?? new Error('no response'));
            else
                resolve(response.message);
        });
    });
}
function optionsOf({ method, url, headers, userAgent, agent }) {
    const own = { 'user-agent': userAgent, 'accept-encoding': 'identity' };
    for (const name in headers)
        own[name] = headers[name] ?? '';
    const { hostname, port } = url;
    return {
        method,
        host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
        port: port === '' ? null : port,
        path: url.pathname + url.search,
        headers: own,
        agent,
    };
}

;// CONCATENATED MODULE: ./src/transport/failures.js




const spelling = "Check the spelling of the registry's host name, and that the runner can reach it";
const proxySettings = 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY';
const ownCertificate = 'Give the CA that signed it in ca-file, or for a test registry set insecure: true';
const tryLater = 'Run the step again, or check the state of the registry';
const hungUp = {
    kind: 'network',
    what: (host) => `${host} closed the connection`,
    advice: tryLater,
};
const untrusted = {
    kind: 'tls',
    what: (host) => `the certificate of ${host} is not trusted`,
    advice: ownCertificate,
};
const explanations = new Map([
    ['ENOTFOUND', { kind: 'network', what: (host) => `host not found: ${host}`, advice: spelling }],
    [
        'EAI_AGAIN',
        { kind: 'network', what: (host) => `the name ${host} could not be resolved`, advice: spelling },
    ],
    [
        'ECONNREFUSED',
        {
            kind: 'network',
            what: (host) => `nothing answers at ${host}`,
            advice: 'Check host and port, and that a server listens there',
        },
    ],
    ['ECONNRESET', hungUp],
    ['EPIPE', hungUp],
    [
        'CUT',
        { kind: 'network', what: (host) => `${host} closed the connection mid-response`, advice: tryLater },
    ],
    ['ETIMEDOUT', { kind: 'network', what: (host) => `${host} does not answer`, advice: spelling }],
    ['EHOSTUNREACH', { kind: 'network', what: (host) => `there is no route to ${host}`, advice: spelling }],
    ['ENETUNREACH', { kind: 'network', what: (host) => `there is no route to ${host}`, advice: spelling }],
    ['STALLED', { kind: 'deadline', what: (host) => `${host} stopped responding`, advice: tryLater }],
    ['OVERDUE', { kind: 'deadline', what: (host) => `${host} took too long to answer`, advice: tryLater }],
    [
        'RUN_OVER',
        { kind: 'deadline', what: () => 'the time for this run is over', advice: 'Raise max-duration' },
    ],
    ['CANCELLED', { kind: 'deadline', what: () => 'the job was cancelled', advice: null }],
    ['DISPOSED', { kind: 'network', what: () => 'the connection was closed by this action', advice: tryLater }],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
    [
        'CERT_HAS_EXPIRED',
        {
            kind: 'tls',
            what: (host) => `the certificate of ${host} has expired`,
            advice: 'Renew the certificate',
        },
    ],
    [
        'ERR_TLS_CERT_ALTNAME_INVALID',
        {
            kind: 'tls',
            what: (host) => `the certificate of ${host} is for another host`,
            advice: 'Use the host name that the certificate is for',
        },
    ],
    [
        'HPE_HEADER_OVERFLOW',
        {
            kind: 'protocol',
            what: (host) => `the headers of ${host} are larger than 16 KiB`,
            advice: 'Check for a proxy or login page in front of the registry',
        },
    ],
]);
const handshakeFailed = {
    kind: 'tls',
    what: (host) => `${host} and this runner found no common way to speak TLS`,
    advice: 'Check which TLS versions and client certificates the registry asks for',
};
const notTls = {
    kind: 'tls',
    what: (host) => `${host} does not speak TLS`,
    advice: 'If it is a plain HTTP registry, choose that by registry: http://HOST',
};
const notTunnelled = {
    ...notTls,
    advice: 'If it does, the proxy answers in its place: list the host in NO_PROXY',
};
const notHttp = {
    kind: 'protocol',
    what: (host) => `${host} does not answer in HTTP`,
    advice: 'Check host and port; TLS is chosen by registry: https://HOST, also for a loopback host',
};
function failures_codeOf(error) {
    for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
        if ('code' in at && typeof at.code === 'string')
            return at.code;
    }
    return 'UNKNOWN';
}
function explainFailure(error, context) {
    if (error instanceof domain_errors/* WardenError */.Sh)
        return error;
    if (error instanceof UnusableBody) {
        return failure('protocol', `the answer of ${context.url.host} ${error.message}`, null, context);
    }
    if (error instanceof ProxyRefusal)
        return explainProxy(error, context);
    const code = failures_codeOf(error);
    const known = explanation(code, error);
    const { kind, what, advice } = known === notTls && context.proxy !== null ? notTunnelled : known;
    const times = context.tries > 1 ? `, ${context.tries} tries` : '';
    const via = context.proxy === null ? '' : `, through the proxy ${context.proxy}`;
    return failure(kind, `${what(context.url.host)} (${code}${times}${via})`, advice, context);
}
function failure(kind, what, advice, { request, url }, status = null) {
    const exchange = { method: request.method, url: printableUrl(url), status, codes: [] };
    return new domain_errors/* WardenError */.Sh(kind, `${request.purpose}: ${what}`, { advice, exchange });
}
function explanation(code, error) {
    const known = explanations.get(code);
    if (known !== undefined)
        return known;
    if (code.startsWith('HPE_'))
        return notHttp;
    if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
        const isPlain = error instanceof Error && /wrong version number|packet length too long/i.test(error.message);
        return isPlain ? notTls : handshakeFailed;
    }
    if (/CERT|CA$|SIGNATURE|^UNABLE_TO_/.test(code))
        return untrusted;
    return { kind: 'network', what: (host) => `the request to ${host} failed`, advice: tryLater };
}
function explainProxy(error, context) {
    const proxy = `the proxy ${context.proxy ?? ''}`;
    const { host } = context.url;
    if (error.status === null) {
        return failure('network', `no connection to ${proxy} (${error.code})`, proxySettings, context);
    }
    if (error.status === 407) {
        const advice = 'Put user and password of the proxy into HTTPS_PROXY, or list the host in NO_PROXY';
        return failure('network', `${proxy} wants credentials to reach ${host} (407)`, advice, context);
    }
    return failure('network', `${proxy} does not let us reach ${host} (${error.status})`, proxySettings, context);
}

;// CONCATENATED MODULE: ./src/transport/redirects.js

const redirecting = new Set([301, 302, 303, 307, 308]);
function decideRedirect(question) {
    const { method, status, location, url } = question;
    if (!redirecting.has(status) || location === null)
        return { kind: 'answer' };
    if (method !== 'GET' && method !== 'HEAD')
        return { kind: 'answer' };
    const next = URL.parse(location, url.href);
    const why = next === null ? 'its location is not a URL' : objection(next, question);
    return next === null || why !== null ? { kind: 'refuse', why: why ?? '' } : { kind: 'follow', url: next };
}
function objection(next, { url, hops, maxHops }) {
    if (hops >= maxHops)
        return `more than ${maxHops} redirects in a row`;
    if (next.protocol !== 'https:' && next.protocol !== 'http:')
        return `${next.protocol} is not followed`;
    if (url.protocol === 'https:' && next.protocol === 'http:')
        return `it leads from https to http (${next.host})`;
    if (next.username !== '' || next.password !== '')
        return `its location holds a user name`;
    if (!mayReach(url.hostname, next.hostname))
        return `it leads to the private address ${next.host}`;
    return null;
}

;// CONCATENATED MODULE: ./src/transport/attempt.js







async function attempt(request, setting, again) {
    let hop = { url: request.url, headers: ownHeaders(request), hops: 0, namedBy: request.namedBy ?? null };
    for (;;) {
        try {
            if (hop.namedBy !== null)
                await refusePrivate(request, hop, hop.namedBy, setting);
            const { response, limit } = await attempt_answerOf(request, hop, setting, again);
            const next = followed(request, response, hop, setting.maxRedirects);
            if (next === null)
                return { response, limit, url: hop.url };
            setting.counts.redirects += 1;
            hop = next;
        }
        catch (error) {
            return { response: null, error, url: hop.url };
        }
    }
}
async function refusePrivate(request, { url }, namedBy, { agents }) {
    if (namedBy === url.hostname || agents.of(url).proxy !== null)
        return;
    if (await agents.mayLead(namedBy, url.hostname))
        return;
    const what = `${namedBy} leads to ${url.host}, which is on a private network that ${namedBy} is not on`;
    throw failure('protocol', what, 'Nothing was sent there', { request, url });
}
async function attempt_answerOf(request, hop, setting, again) {
    const route = setting.agents.of(hop.url);
    const place = await route.gate.enter(setting.stop, again);
    let ended = 'other';
    const watch = setting.startWatch();
    const started = performance.now();
    const tell = (outcome) => {
        const took = Math.round(performance.now() - started);
        setting.trace?.(`${request.method} ${printableUrl(hop.url)} ${outcome} ${took} ms`);
    };
    let isStreaming = false;
    const end = () => {
        watch.end();
        place.leave(ended);
    };
    try {
        const response = await exchangeWith(route.agent, request, hop, watch, setting, end);
        isStreaming = response.stream !== undefined;
        tell(response.status);
        const limit = (0,rate_limit/* rateLimitOf */.t)(response, request.limits ?? 'any', setting.clock());
        if (!isStreaming)
            ended = limit === null ? 'served' : 'refused';
        return { response, limit };
    }
    catch (error) {
        const reason = watch.reason() ?? error;
        tell(failures_codeOf(reason));
        throw reason;
    }
    finally {
        if (!isStreaming)
            end();
    }
}
async function exchangeWith(agent, request, { url, headers }, watch, setting, onStreamEnd) {
    const { beat } = watch;
    const { counts, userAgent } = setting;
    const { method, body = null } = request;
    counts.requests += 1;
    const message = await exchange({ method, url, headers, body, userAgent, agent, watch });
    beat();
    setting.clockLead.note(message.headers.date);
    const status = message.statusCode ?? 0;
    if (request.responseBody === 'stream' && (status === 200 || status === 206)) {
        message.once('close', onStreamEnd);
        watch.lift();
        const stream = openStream(message, request, url, watch, setting);
        return { status, headers: (0,transport_headers/* collectHeaders */.rn)(message.rawHeaders), body: Buffer.alloc(0), stream, url };
    }
    const unwanted = method === 'HEAD' || (request.responseBody === 'discard' && status < 400);
    const bytes = unwanted
        ? await dropBody(message, method, beat)
        : await body_readBody(message, request.maxBytes, beat);
    counts.bytes += bytes.length;
    return { status, headers: (0,transport_headers/* collectHeaders */.rn)(message.rawHeaders), body: bytes, url };
}
function openStream(message, request, url, { reason, beat }, { counts, agents }) {
    const arrived = (bytes) => {
        counts.bytes += bytes;
        beat();
    };
    async function* chunks() {
        try {
            yield* streamBody(message, arrived);
        }
        catch (error) {
            throw explainFailure(reason() ?? error, { request, url, tries: 1, proxy: agents.proxyOf(url) });
        }
    }
    return { chunks: chunks(), cancel: () => message.destroy() };
}
function followed(request, response, hop, maxHops) {
    if (request.redirects === false)
        return null;
    const { url, hops } = hop;
    const location = (0,transport_headers/* headerValue */.Z)(response, 'location');
    const decision = decideRedirect({
        method: request.method,
        status: response.status,
        location,
        url,
        hops,
        maxHops,
    });
    if (decision.kind === 'answer')
        return null;
    if (decision.kind === 'refuse') {
        throw failure('protocol', `${url.host} redirects, but ${decision.why}`, null, { request, url }, response.status);
    }
    const headers = sameOrigin(url, decision.url) ? hop.headers : (0,transport_headers/* foreignHeaders */.TA)(hop.headers);
    return { url: decision.url, headers, hops: hops + 1, namedBy: url.hostname };
}
function ownHeaders({ headers, authorization }) {
    return authorization === undefined || authorization === null
        ? { ...headers }
        : { ...headers, authorization };
}

;// CONCATENATED MODULE: ./src/transport/clock-lead.js
const TOLERANCE = 5 * 60_000;
const EARLIEST = Date.UTC(2020, 0);
const MOST_AHEAD = 7 * 24 * 3_600_000;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
function createClockLead(clock) {
    let least = Infinity;
    let last;
    return {
        note: (date) => {
            if (date === undefined || date === last)
                return;
            last = date;
            const at = HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
            if (at < EARLIEST)
                return;
            const lead = clock() - at;
            if (lead >= -MOST_AHEAD)
                least = Math.min(least, lead);
        },
        read: () => (least > TOLERANCE && least < Infinity ? least : 0),
    };
}

;// CONCATENATED MODULE: ./src/transport/pull-limit.js


const pull_limit_HUB_API = 'hub.docker.com';
function isPullLimit({ status, url, body, headers }) {
    const { hostname } = url;
    if (status !== 429 || !/(?:^|\.)docker\.(?:io|com)$/.test(hostname) || hostname === pull_limit_HUB_API)
        return false;
    const remaining = (0,transport_headers/* headerValue */.Z)({ headers }, 'ratelimit-remaining') ?? '';
    return /^0(?:;|$)/.test(remaining) || /pull rate limit|TOOMANYREQUESTS/.test(body.toString('utf8'));
}
function pullLimitReached(request, { url, status }) {
    const advice = 'Log in to Docker Hub (username and password, or docker/login-action) for a higher limit, or wait some hours';
    return failure('rate-limit', 'the pull limit of Docker Hub is reached', advice, { request, url }, status);
}

;// CONCATENATED MODULE: ./src/transport/retry.js
const always = Number.POSITIVE_INFINITY;
const triesOfStatus = new Map([408, 429, 499, 500, 502, 503, 504, 522].map((status) => [status, always]));
const triesOfCode = new Map([
    ['ECONNRESET', always],
    ['EPIPE', always],
    ['ETIMEDOUT', always],
    ['EAI_AGAIN', always],
    ['CUT', always],
    ['PROXY_UNAVAILABLE', always],
    ['STALLED', 3],
    ['ECONNREFUSED', 2],
]);
const firstWait = 250;
const patience = 4 * 60_000;
function decideRetry(question) {
    const { outcome, tries, remaining, longestWait } = question;
    const limit = 'status' in outcome ? outcome.limit : null;
    const allowed = allowedTries(outcome);
    if (allowed === 0 || !mayRepeat(question.repeat, limit))
        return { kind: 'stop', reason: 'final' };
    if (tries >= Math.min(allowed, question.maxTries))
        return { kind: 'stop', reason: 'tries' };
    if (tries === 1 && 'code' in outcome && outcome.reusedSocket)
        return { kind: 'wait', milliseconds: 0 };
    const asked = limit?.asked ?? null;
    const milliseconds = waitBefore(tries, asked, question.random);
    if (Math.max(asked ?? 0, milliseconds) > remaining)
        return { kind: 'stop', reason: 'budget', asked };
    if (longestWait !== null && milliseconds > longestWait)
        return { kind: 'stop', reason: 'final' };
    if (asked !== null && asked > patience)
        return { kind: 'stop', reason: 'patience', asked };
    return { kind: 'wait', milliseconds };
}
function waitBefore(tries, asked, random) {
    const backoff = firstWait * 2 ** (tries - 1) * (0.5 + random / 2);
    const polite = asked === null ? 0 : asked + random * firstWait;
    return Math.round(Math.max(backoff, polite));
}
function mayRepeat(repeat, limit) {
    return repeat === 'always' || (repeat === 'when-refused' && limit !== null);
}
function allowedTries(outcome) {
    if ('code' in outcome)
        return triesOfCode.get(outcome.code) ?? 0;
    return outcome.limit === null ? (triesOfStatus.get(outcome.status) ?? 0) : always;
}

;// CONCATENATED MODULE: ./src/transport/trust.js



const begin = '-----BEGIN CERTIFICATE-----';
const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
function parseCertificates(pem) {
    const blocks = pem.match(block) ?? [];
    if (blocks.length === 0)
        throw refused('holds no PEM certificate');
    if (blocks.length !== pem.split(begin).length - 1)
        throw refused('holds a certificate that is cut off');
    for (const [index, certificate] of blocks.entries()) {
        try {
            void new external_node_crypto_.X509Certificate(certificate);
        }
        catch {
            throw refused(`holds something that is not a certificate (block ${index + 1})`);
        }
    }
    return blocks;
}
function trusting(certificates) {
    return builtin.tls().createSecureContext({ ca: [...defaultRoots(), ...certificates] });
}
function defaultRoots() {
    return builtin.tls().getCACertificates('default');
}
function refused(what) {
    return new domain_errors/* WardenError */.Sh('input', `input ca-file: the file ${what}`, {
        advice: 'Give a PEM bundle: one or more blocks that begin with BEGIN CERTIFICATE',
    });
}

;// CONCATENATED MODULE: ./src/transport/wants-tls.js

const WORDS = /sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i;
const wants_tls_MAX_BYTES = 2_048;
function wantsTls({ status, url, body }) {
    return status === 400 && url.protocol === 'http:' && WORDS.test(body.toString('latin1', 0, wants_tls_MAX_BYTES));
}
function tlsWanted(request, { url, status }) {
    const what = `${url.host} speaks TLS, and was asked in plain HTTP`;
    const advice = `Choose that by registry: https://${url.host}, with ca-file for a private authority`;
    return failure('tls', what, advice, { request, url }, status);
}

;// CONCATENATED MODULE: ./src/transport/watch.js
class Interruption extends Error {
    name = 'Interruption';
    code;
    constructor(code) {
        super(code);
        this.code = code;
    }
}
function createWatches(limits, stop) {
    const open = new Set();
    stop.addEventListener('abort', () => {
        for (const interrupt of open)
            interrupt(stop.reason);
    }, { once: true });
    return () => startWatch(limits, stop, open);
}
function startWatch(limits, stop, open) {
    let reason = null;
    let listener = null;
    const interrupt = (why) => {
        if (reason !== null)
            return;
        reason = why;
        listener?.(why);
    };
    const idle = setTimeout(() => interrupt(new Interruption('STALLED')), limits.idle);
    const whole = setTimeout(() => interrupt(new Interruption('OVERDUE')), limits.whole);
    if (stop.aborted)
        interrupt(stop.reason);
    else
        open.add(interrupt);
    return {
        reason: () => reason,
        onInterrupt: (next) => {
            listener = next;
            if (reason !== null)
                next(reason);
        },
        beat: () => idle.refresh(),
        lift: () => clearTimeout(whole),
        end: () => {
            clearTimeout(idle);
            clearTimeout(whole);
            open.delete(interrupt);
        },
    };
}

;// CONCATENATED MODULE: ./src/transport/send.js











const defaultLimits = {
    maxRedirects: 5,
    maxTries: 5,
    idle: 30_000,
    whole: 120_000,
};
function createSend(options) {
    const limits = { ...defaultLimits, ...options.limits };
    const stop = new AbortController();
    const onRunOver = () => stop.abort(new Interruption(options.signal?.reason === 'cancelled' ? 'CANCELLED' : 'RUN_OVER'));
    if (options.signal?.aborted === true)
        onRunOver();
    else
        options.signal?.addEventListener('abort', onRunOver, { once: true });
    const agents = createAgents({
        insecureOrigins: options.insecureOrigins,
        secureContext: options.ca === null ? null : trusting(parseCertificates(options.ca)),
        concurrency: options.concurrency ?? 'auto',
        env: options.env,
        ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
        tunnelTimeout: limits.whole,
    });
    const counts = { requests: 0, retries: 0, redirects: 0, bytes: 0 };
    const { userAgent, clock, trace = null } = options;
    const clockLead = createClockLead(clock);
    const setting = {
        userAgent,
        clock,
        clockLead,
        maxRedirects: limits.maxRedirects,
        maxTries: limits.maxTries,
        agents,
        stop: stop.signal,
        startWatch: createWatches(limits, stop.signal),
        counts,
        trace,
    };
    return {
        send: (request) => sendWithRetries(request, options, setting),
        dispose: () => {
            options.signal?.removeEventListener('abort', onRunOver);
            stop.abort(new Interruption('DISPOSED'));
            agents.dispose();
        },
        stats: () => ({ ...counts, connections: agents.opened() }),
        clockLead: clockLead.read,
    };
}
const repeatByMethod = {
    GET: 'always',
    HEAD: 'always',
    POST: 'when-refused',
    PUT: 'never',
    PATCH: 'never',
    DELETE: 'never',
};
const mostRefusals = 100;
async function sendWithRetries(request, options, setting) {
    const repeat = request.repeat ?? repeatByMethod[request.method];
    for (let tries = 1, refusals = 0;;) {
        const { gate } = setting.agents.of(request.url);
        const servedBefore = gate.served();
        const ended = await attempt(request, setting, refusals > 0);
        if (ended.response !== null && isPullLimit(ended.response))
            throw pullLimitReached(request, ended.response);
        if (ended.response !== null && wantsTls(ended.response))
            throw tlsWanted(request, ended.response);
        const decision = decide(request, ended, { repeat, tries }, options, setting);
        if (decision.kind === 'stop') {
            if (decision.reason === 'final' || decision.reason === 'tries')
                pauseHost(ended, tries, options, setting);
            return conclude(request, ended, decision, tries, setting);
        }
        const isRefused = ended.response !== null && ended.limit !== null;
        if (isRefused)
            refusals += 1;
        if (!isRefused || gate.served() === servedBefore || refusals > mostRefusals)
            tries += 1;
        await waitForNextTry(request, ended, decision.milliseconds, options, setting);
    }
}
function decide(request, ended, { repeat, tries }, { clock, random = Math.random, deadline = null }, setting) {
    return decideRetry({
        outcome: send_outcomeOf(ended, setting),
        repeat,
        tries,
        maxTries: setting.maxTries,
        longestWait: request.longestWait ?? null,
        remaining: deadline === null ? Number.POSITIVE_INFINITY : deadline - clock(),
        random: random(),
    });
}
function conclude(request, ended, decision, tries, { agents }) {
    if ((decision.reason === 'budget' || decision.reason === 'patience') && decision.asked !== null)
        throw waitTooLong(request, ended, decision.asked, decision.reason);
    if (ended.response !== null)
        return ended.response;
    throw explainFailure(ended.error, { request, url: ended.url, tries, proxy: agents.proxyOf(ended.url) });
}
function pauseHost(ended, tries, { random = Math.random, sleep = defaultSleep }, { agents, stop }) {
    if (ended.response === null || ended.limit === null || stop.aborted)
        return;
    const wait = waitBefore(tries, ended.limit.asked, random());
    if (wait <= longestPause)
        agents.of(ended.url).gate.pause(sleep(wait, stop));
}
const longestPause = 60_000;
function send_outcomeOf(ended, { agents }) {
    if (ended.response === null) {
        return { code: failures_codeOf(ended.error), reusedSocket: agents.brokeWhenReused(ended.error) };
    }
    return { status: ended.response.status, limit: ended.limit };
}
const noticeable = 5_000;
async function waitForNextTry(request, ended, milliseconds, { log, sleep = defaultSleep }, { agents, counts, stop }) {
    counts.retries += 1;
    const why = ended.response === null ? failures_codeOf(ended.error) : `HTTP ${ended.response.status}`;
    const line = `${request.method} ${printableUrl(ended.url)}: ${why}, next try in ${milliseconds} ms`;
    if (milliseconds < noticeable)
        log.debug(line);
    else
        log.info(line);
    if (milliseconds === 0)
        agents.dropIdle(ended.url);
    else {
        const waiting = sleep(milliseconds, stop).catch(() => undefined);
        if (ended.response !== null && ended.limit !== null)
            agents.of(ended.url).gate.pause(waiting);
        await waiting;
    }
    if (stop.aborted)
        throw explainFailure(stop.reason, { request, url: ended.url, tries: 1, proxy: null });
}
function defaultSleep(milliseconds, signal) {
    return (0,promises_.setTimeout)(milliseconds, undefined, { signal });
}
function waitTooLong(request, { url, response }, asked, reason) {
    const [than, advice] = reason === 'budget'
        ? ['longer than what is left of this run', 'Run again later, or raise max-duration']
        : ['too long to wait for', 'Run again later'];
    const what = `${url.host} asks to wait ${Math.ceil(asked / 1000)} s, ${than}`;
    return failure('rate-limit', what, advice, { request, url }, response?.status ?? null);
}

;// CONCATENATED MODULE: ./src/compose.js
















const compose_late = {
    images: () => __webpack_require__.e(/* import() */ 801).then(__webpack_require__.bind(__webpack_require__, 801)),
    layers: () => __webpack_require__.e(/* import() */ 195).then(__webpack_require__.bind(__webpack_require__, 5195)),
    storage: () => Promise.all(/* import() */[__webpack_require__.e(154), __webpack_require__.e(911)]).then(__webpack_require__.bind(__webpack_require__, 4911)),
};
const USER_AGENT = 'registry-warden (+https://github.com/registry-warden/registry-warden)';
const systemClock = () => (0,timestamp/* asTimestamp */.ZL)(Date.now());
function openGitHubTransport({ env, log }) {
    for (const name of unreadableProxies(env)) {
        log.warning(`${name} is not a readable address, so no proxy is used; write a % in its password as %25`);
    }
    return createSend({ ...transportParts(env, log), insecureOrigins: new Set(), ca: null });
}
function transportParts(env, log) {
    return {
        userAgent: USER_AGENT,
        env,
        clock: systemClock,
        log,
        ...(env['RUNNER_DEBUG'] === '1' ? { trace: log.debug } : {}),
    };
}
async function openSession(settings, runner, github, onCancel = () => () => undefined) {
    const { log } = runner;
    const clock = systemClock;
    const storage = await openStorage(settings, log);
    const { maxDuration } = settings;
    const ending = createEnding({ maxDuration, onCancel });
    const deadline = maxDuration === null ? null : (0,timestamp/* asTimestamp */.ZL)(clock() + maxDuration);
    const transport = await openTransport(settings, runner, ending.over, deadline);
    const sleep = (milliseconds) => (0,promises_.setTimeout)(milliseconds, undefined, { signal: ending.stopping });
    const { send } = transport;
    const cache = settings.cacheDir === null ? null : createRegistryCache(settings.cacheDir, log);
    const http = createHttpSource({
        provider: settings.provider,
        apiUrl: settings.apiUrl,
        registry: settings.registry,
        login: settings.login,
        ...openLogins(settings, runner, { send, sleep, over: ending.over }),
        github: { apiUrl: githubApiUrl(runner.env), token: settings.githubToken || null },
        send,
        mask: runner.mask,
        log,
        clock,
        deadline,
        sleep,
        cache,
    });
    const timeIsUp = () => ending.reason() !== null;
    return {
        ...chooseSource({ 'http:': http, 'https:': http, 'file:': storage && storage.source }),
        ...openLocalReaders(ending.over),
        collectGarbage: storage && storage.createCollectGarbage({ now: clock, timeIsUp }),
        github,
        clock,
        clockLead: transport.clockLead,
        sleep: (milliseconds) => sleep(milliseconds).catch(() => undefined),
        timeIsUp,
        ending,
        stats: transport.stats,
        dispose: () => {
            ending.dispose();
            transport.dispose();
            void cache?.close();
        },
    };
}
async function openTransport({ registry, insecure, caFile, concurrency }, { env, log }, over, deadline) {
    return createSend({
        ...transportParts(env, log),
        insecureOrigins: new Set(insecure ? [registry.origin] : []),
        ca: caFile === null ? null : await readCertificates(caFile),
        signal: over,
        deadline,
        concurrency,
    });
}
function openLogins(settings, { env, mask, log }, { send, sleep, over }) {
    const { login, registry, githubToken } = settings;
    const aws = readAwsEnvironment(env);
    if (aws.kind === 'keys')
        maskKeys(aws.keys, createMasker(mask));
    const identity = { login, registry, env, mask, log, signal: over };
    const keychain = withEcrLogin({
        keychain: createKeychain({ ...identity, githubToken }),
        aws,
        apiUrl: settings.provider === 'ecr' ? settings.apiUrl : null,
        send,
        clock: systemClock,
        sleep,
        mask,
    });
    const clock = () => performance.now();
    const challenges = new Map();
    const hear = ({ origin }, headers) => void challenges.set(origin, headers);
    const authorized = (own) => createAuthorizedSend({ send, keychain: own, mask, clock, log, hear });
    return {
        aws,
        keychain,
        challengeOf: ({ origin }) => challenges.get(origin) ?? [],
        sendToRegistry: withoutTokenIfRefused(authorized(keychain), authorized(createKeychain(identity)), keychain),
    };
}
function openLocalReaders(over) {
    return {
        openLocal: async (source) => {
            const { openLocalImage } = await compose_late.images();
            const reader = await openLocalImage(source, { signal: over });
            return { reader, top: reader.top, path: reader.path };
        },
        readLayer: async (...layer) => {
            const { createReadLayer } = await compose_late.layers();
            return createReadLayer(over)(...layer);
        },
    };
}
async function openStorage({ registry }, log) {
    const folder = (0,names_registry/* storageFolderOf */.PI)(registry);
    return folder === null ? null : (await compose_late.storage()).openStorage(folder, log);
}
function chooseSource(sources) {
    const sourceOf = (registry) => {
        const storage = (0,names_registry/* isStorageFolder */.MA)(registry) ? sources['file:'] : null;
        return storage ?? (registry.origin.startsWith('https:') ? sources['https:'] : sources['http:']);
    };
    return {
        open: (repository) => sourceOf(repository.registry).open(repository),
        catalog: (registry, owner) => sourceOf(registry).catalog(registry, owner),
        target: (repository, options) => sourceOf(repository.registry).target(repository, options),
        probe: (registry) => sourceOf(registry).probe(registry),
        grants: (repository) => sourceOf(repository.registry).grants(repository),
    };
}
function githubApiUrl(env) {
    return (0,api_url/* parseApiUrl */.n)(env['GITHUB_API_URL'] || 'https://api.github.com', 'GITHUB_API_URL');
}
const MAX_CA_BYTES = 4 * 1024 * 1024;
async function readCertificates(path) {
    return (await (0,files/* readWhole */.oD)(path, MAX_CA_BYTES, 'ca-file')).toString('utf8');
}
function maskKeys({ secretAccessKey, sessionToken }, mask) {
    mask(secretAccessKey);
    if (sessionToken !== null)
        mask(sessionToken);
}


/***/ }),

/***/ 3138:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ attributeLayers),
/* harmony export */   Q: () => (/* binding */ cleanInstruction)
/* harmony export */ });
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6119);

const MAX_LENGTH = 200;
function attributeLayers(layers, history) {
    const makers = history.filter((entry) => !entry.emptyLayer);
    if (makers.length !== layers.length)
        return layers.map(() => null);
    return makers.map((entry) => (entry.createdBy === null ? null : cleanInstruction(entry.createdBy)));
}
function cleanInstruction(createdBy) {
    const line = (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sanitiseLine */ .lg)(createdBy, MAX_LENGTH * 4).replace(/ # buildkit$/, '');
    const run = line.startsWith('RUN ');
    const command = withoutShell(withoutBuildArguments(run ? line.slice(4) : line));
    if (command.text === '')
        return null;
    return (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sanitiseLine */ .lg)(run || command.isRun ? `RUN ${command.text}` : command.text, MAX_LENGTH);
}
const SHELLS = ['/bin/sh -c ', 'cmd /S /C '];
const NOT_RUN = '#(nop) ';
function withoutBuildArguments(text) {
    if (!/^\|\d{1,4} /.test(text))
        return text;
    const starts = SHELLS.map((shell) => text.indexOf(shell)).filter((start) => start > 0);
    return starts.length === 0 ? '' : text.slice(Math.min(...starts));
}
function withoutShell(text) {
    const shell = SHELLS.find((prefix) => text.startsWith(prefix));
    if (shell === undefined)
        return { text, isRun: false };
    const command = text.slice(shell.length);
    return command.startsWith(NOT_RUN)
        ? { text: command.slice(NOT_RUN.length).trim(), isRun: false }
        : { text: command, isRun: command !== '' };
}


/***/ }),

/***/ 7123:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AH: () => (/* binding */ layerCompression),
/* harmony export */   H3: () => (/* binding */ isAttestation),
/* harmony export */   Q3: () => (/* binding */ isManifestType),
/* harmony export */   S4: () => (/* binding */ baseMediaType),
/* harmony export */   WV: () => (/* binding */ isOciIndexType),
/* harmony export */   _P: () => (/* binding */ MANIFEST_TYPES),
/* harmony export */   _m: () => (/* binding */ isImageConfig),
/* harmony export */   iH: () => (/* binding */ isBlobType),
/* harmony export */   r6: () => (/* binding */ isCacheConfigType),
/* harmony export */   sJ: () => (/* binding */ isForeignLayer),
/* harmony export */   vb: () => (/* binding */ manifestShape)
/* harmony export */ });
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const SHAPES = new Map([
    [OCI_INDEX, 'index'],
    ['application/vnd.docker.distribution.manifest.list.v2+json', 'index'],
    ['application/vnd.oci.image.manifest.v1+json', 'image'],
    ['application/vnd.docker.distribution.manifest.v2+json', 'image'],
    ['application/vnd.oci.artifact.manifest.v1+json', 'blobs'],
    ['application/vnd.cncf.oras.artifact.manifest.v1+json', 'blobs'],
    ['application/vnd.docker.distribution.manifest.v1+prettyjws', 'schema1'],
    ['application/vnd.docker.distribution.manifest.v1+json', 'schema1'],
]);
const MANIFEST_TYPES = [...SHAPES.keys()];
const IMAGE_CONFIGS = new Set([
    'application/vnd.oci.image.config.v1+json',
    'application/vnd.docker.container.image.v1+json',
]);
const ATTESTATION_TYPE = 'vnd.docker.reference.type';
function baseMediaType(mediaType) {
    return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}
function manifestShape(mediaType) {
    return SHAPES.get(baseMediaType(mediaType)) ?? null;
}
function isManifestType(mediaType) {
    return manifestShape(mediaType) !== null;
}
function isOciIndexType(mediaType) {
    return baseMediaType(mediaType) === OCI_INDEX;
}
function isImageConfig(mediaType) {
    return IMAGE_CONFIGS.has(baseMediaType(mediaType));
}
function isForeignLayer(mediaType) {
    const base = baseMediaType(mediaType);
    return base.includes('.nondistributable.') || base.includes('.rootfs.foreign.diff.');
}
function layerCompression(mediaType) {
    const base = baseMediaType(mediaType).replace(/\+encrypted$/, '');
    if (/[+.]gzip$/.test(base))
        return 'gzip';
    if (/[+.]zstd$/.test(base))
        return 'zstd';
    return base.endsWith('.tar') ? 'none' : null;
}
function isCacheConfigType(mediaType) {
    return baseMediaType(mediaType).startsWith('application/vnd.buildkit.cacheconfig.');
}
function isBlobType(mediaType) {
    return layerCompression(mediaType) !== null || isCacheConfigType(mediaType);
}
function isAttestation({ annotations, platform, }) {
    if (platform !== null)
        return platform.os === 'unknown' && platform.architecture === 'unknown';
    return annotations.get(ATTESTATION_TYPE) === 'attestation-manifest';
}


/***/ }),

/***/ 2640:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Nv: () => (/* binding */ PLACEHOLDER_TYPE),
/* harmony export */   mv: () => (/* binding */ PROBE_PREFIX),
/* harmony export */   wK: () => (/* binding */ isPlaceholder),
/* harmony export */   xv: () => (/* binding */ isProbeTag)
/* harmony export */ });
const PLACEHOLDER_TYPE = 'application/vnd.registry-warden.placeholder';
const PROBE_PREFIX = 'registry-warden-probe-';
function isProbeTag(tag) {
    return tag.startsWith(PROBE_PREFIX);
}
function isPlaceholder(manifest) {
    const hasType = manifest.kind === 'image' || manifest.kind === 'artifact';
    return hasType && manifest.artifactType === PLACEHOLDER_TYPE;
}


/***/ }),

/***/ 1186:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EH: () => (/* binding */ parseTimestamp),
/* harmony export */   Ey: () => (/* binding */ formatTimestamp),
/* harmony export */   Yq: () => (/* binding */ formatDate),
/* harmony export */   ZL: () => (/* binding */ asTimestamp),
/* harmony export */   ty: () => (/* binding */ believed)
/* harmony export */ });
const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const FIRST_BELIEVED = Date.UTC(2013, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
function parseTimestamp(text) {
    if (text.length > 64)
        return null;
    const [, date, time, fraction = '', zone] = RFC3339.exec(text) ?? [];
    if (date === undefined || time === undefined || zone === undefined)
        return null;
    const local = `${date}T${time}`;
    const written = new Date(`${local}Z`);
    if (Number.isNaN(written.getTime()) || !written.toISOString().startsWith(local))
        return null;
    return believed(Date.parse(`${local}.${fraction.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`));
}
function believed(milliseconds) {
    const whole = Math.trunc(milliseconds);
    return whole >= FIRST_BELIEVED && isTimestamp(whole) ? whole : null;
}
function asTimestamp(milliseconds) {
    const whole = Math.trunc(milliseconds);
    if (!isTimestamp(whole))
        throw new RangeError(`${milliseconds} is not a time`);
    return whole;
}
function isTimestamp(milliseconds) {
    return Number.isInteger(milliseconds) && Math.abs(milliseconds) <= LAST;
}
function formatTimestamp(timestamp) {
    return `${new Date(timestamp).toISOString().slice(0, 19)}Z`;
}
function formatDate(timestamp) {
    return formatTimestamp(timestamp).slice(0, 10);
}


/***/ }),

/***/ 8785:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   TA: () => (/* binding */ foreignHeaders),
/* harmony export */   Z: () => (/* binding */ headerValue),
/* harmony export */   rn: () => (/* binding */ collectHeaders)
/* harmony export */ });
function headerValue(response, name) {
    return response.headers.get(name)?.[0] ?? null;
}
function collectHeaders(raw) {
    const headers = new Map();
    for (let at = 0; at + 1 < raw.length; at += 2) {
        const name = (raw[at] ?? '').toLowerCase();
        const values = headers.get(name);
        if (values === undefined)
            headers.set(name, [raw[at + 1] ?? '']);
        else
            values.push(raw[at + 1] ?? '');
    }
    return headers;
}
const harmlessAnywhere = new Set(['accept', 'accept-encoding', 'cache-control', 'range']);
function foreignHeaders(headers) {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => harmlessAnywhere.has(name.toLowerCase())));
}


/***/ }),

/***/ 5093:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ rateLimitOf)
/* harmony export */ });
/* unused harmony export parseRetryAfter */
/* harmony import */ var _headers_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8785);

const MINUTE = 60_000;
function rateLimitOf(response, rules, now) {
    const { status } = response;
    if (status !== 429 && status !== 503 && status !== 403)
        return null;
    const asked = parseRetryAfter((0,_headers_js__WEBPACK_IMPORTED_MODULE_0__/* .headerValue */ .Z)(response, 'retry-after'), now);
    if (status === 503)
        return asked === null ? null : { asked };
    if (rules === 'github')
        return githubLimit(response, asked, now);
    return status === 429 ? { asked } : null;
}
function githubLimit(response, asked, now) {
    if (asked !== null)
        return { asked };
    if ((0,_headers_js__WEBPACK_IMPORTED_MODULE_0__/* .headerValue */ .Z)(response, 'x-ratelimit-remaining') === '0')
        return { asked: untilReset(response, now) };
    const isLimit = response.status === 429 || /\brate limit/i.test(response.body.toString('utf8'));
    return isLimit ? { asked: MINUTE } : null;
}
function untilReset(response, now) {
    const reset = (0,_headers_js__WEBPACK_IMPORTED_MODULE_0__/* .headerValue */ .Z)(response, 'x-ratelimit-reset') ?? '';
    return /^\d{1,12}$/.test(reset) ? Math.max(0, Number(reset) * 1000 - now) + 1000 : MINUTE;
}
function parseRetryAfter(value, now) {
    const text = value?.trim() ?? '';
    if (/^\d{1,9}$/.test(text))
        return Number(text) * 1000;
    if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text))
        return null;
    const wait = Date.parse(text) - now;
    return wait > 0 ? wait : null;
}


/***/ }),

/***/ 7341:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ parseImageConfig),
/* harmony export */   G: () => (/* binding */ MAX_CONFIG_BYTES)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6668);
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);
/* harmony import */ var _domain_names_platform_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7670);
/* harmony import */ var _content_digest_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4899);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4281);





const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
const MAX_HISTORY = 20_000;
const name = zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP().max(128).nullish().catch(null);
const label = zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP().max(2048).nullish().catch(null);
const BASE_NAME = 'org.opencontainers.image.base.name';
const BASE_DIGEST = 'org.opencontainers.image.base.digest';
const configSchema = zod__WEBPACK_IMPORTED_MODULE_4__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_4__/* .object */ .Ikc({
    os: name,
    architecture: name,
    variant: name,
    'os.version': name,
    created: zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP().max(64).nullish().catch(null),
    history: (0,_json_js__WEBPACK_IMPORTED_MODULE_3__/* .listOf */ .c3)(zod__WEBPACK_IMPORTED_MODULE_4__/* .object */ .Ikc({
        created_by: zod__WEBPACK_IMPORTED_MODULE_4__/* .string */ .YjP().nullish().catch(null),
        empty_layer: zod__WEBPACK_IMPORTED_MODULE_4__/* .boolean */ .zMY().nullish().catch(null),
    }), MAX_HISTORY)
        .nullish()
        .catch(null),
    config: zod__WEBPACK_IMPORTED_MODULE_4__/* .object */ .Ikc({
        Labels: zod__WEBPACK_IMPORTED_MODULE_4__/* .object */ .Ikc({ [BASE_NAME]: label, [BASE_DIGEST]: label })
            .nullish()
            .catch(null),
    })
        .nullish()
        .catch(null),
}));
function parseImageConfig(bytes, descriptor) {
    if (bytes.length > MAX_CONFIG_BYTES) {
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', `the config ${descriptor.digest} is larger than ${MAX_CONFIG_BYTES} bytes`);
    }
    if (bytes.length !== descriptor.size) {
        const sizes = `${bytes.length} bytes instead of ${descriptor.size}`;
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('integrity', `the config ${descriptor.digest} has ${sizes}`);
    }
    if ((0,_content_digest_js__WEBPACK_IMPORTED_MODULE_2__/* .hasDigest */ .tH)(bytes, descriptor.digest) === false) {
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('integrity', `the content of config ${descriptor.digest} does not match its digest`);
    }
    const what = `the config ${descriptor.digest}`;
    const wire = (0,_json_js__WEBPACK_IMPORTED_MODULE_3__/* .readAs */ .fd)(configSchema, (0,_json_js__WEBPACK_IMPORTED_MODULE_3__/* .parseJsonObject */ .dw)(bytes, what), what);
    return {
        platform: (0,_domain_names_platform_js__WEBPACK_IMPORTED_MODULE_1__/* .platformOf */ .tj)({ ...wire, osVersion: wire['os.version'] }),
        created: wire.created ?? null,
        history: (wire.history ?? []).map((entry) => ({
            createdBy: entry.created_by ?? null,
            emptyLayer: entry.empty_layer === true,
        })),
        labels: namedLabels(wire.config?.Labels ?? {}),
    };
}
function namedLabels(labels) {
    const named = new Map();
    for (const [key, value] of Object.entries(labels))
        if (typeof value === 'string')
            named.set(key, value);
    return named;
}


/***/ }),

/***/ 4899:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CC: () => (/* binding */ isVerifiable),
/* harmony export */   eZ: () => (/* binding */ contentDigest),
/* harmony export */   tH: () => (/* binding */ hasDigest)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _domain_names_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1225);


const VERIFIABLE = new Set(['sha256', 'sha512']);
function isVerifiable(digest) {
    return VERIFIABLE.has((0,_domain_names_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestAlgorithm */ .g4)(digest));
}
function contentDigest(bytes, algorithm = 'sha256') {
    return (0,_domain_names_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDigest */ .m)(`${algorithm}:${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)(algorithm, bytes, 'hex')}`);
}
function hasDigest(bytes, digest) {
    const algorithm = (0,_domain_names_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestAlgorithm */ .g4)(digest);
    if (algorithm !== 'sha256' && algorithm !== 'sha512')
        return null;
    return contentDigest(bytes, algorithm) === digest;
}


/***/ }),

/***/ 8462:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KD: () => (/* binding */ checked),
/* harmony export */   TM: () => (/* binding */ descriptorSchema),
/* harmony export */   er: () => (/* binding */ digestSchema),
/* harmony export */   k_: () => (/* binding */ readArtifactType),
/* harmony export */   ti: () => (/* binding */ readAnnotations)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(6668);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(7619);
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);
/* harmony import */ var _domain_names_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1225);
/* harmony import */ var _domain_names_platform_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7670);
/* harmony import */ var _domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3217);
/* harmony import */ var _domain_text_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6119);
/* harmony import */ var _content_digest_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4899);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(4281);








const MAX_MEDIA_TYPE = 255;
const NOT_A_DIGEST = 'must be a digest (sha256:<64 hex>)';
const NOT_A_SIZE = 'must be a whole number of bytes, zero or more';
const digestSchema = zod__WEBPACK_IMPORTED_MODULE_7__/* .custom */ .IeY((value) => typeof value === 'string' && (0,_domain_names_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(value), NOT_A_DIGEST);
const NO_ANNOTATIONS = new Map();
function readAnnotations(value) {
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .isObject */ .Gv)(value))
        return NO_ANNOTATIONS;
    return new Map(Object.entries(value).filter((entry) => typeof entry[1] === 'string'));
}
const name = zod__WEBPACK_IMPORTED_MODULE_7__/* .string */ .YjP().nullish();
const platformSchema = zod__WEBPACK_IMPORTED_MODULE_7__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_7__/* .object */ .Ikc({ os: name, architecture: name, variant: name, 'os.version': name })
    .transform((wire) => wire.architecture ? (0,_domain_names_platform_js__WEBPACK_IMPORTED_MODULE_2__/* .platformOf */ .tj)({ ...wire, osVersion: wire['os.version'] }) : null));
const anything = zod__WEBPACK_IMPORTED_MODULE_7__/* .unknown */ .L5J().optional();
const descriptorSchema = zod__WEBPACK_IMPORTED_MODULE_7__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_7__/* .object */ .Ikc({
    mediaType: zod__WEBPACK_IMPORTED_MODULE_7__/* .string */ .YjP().nullish(),
    digest: anything,
    size: anything,
    platform: anything,
    artifactType: anything,
    annotations: anything,
    data: anything,
})
    .transform((wire, context) => {
    const { digest, size, data } = wire;
    if (typeof digest !== 'string' || !(0,_domain_names_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(digest))
        return refuse(context, 'digest', NOT_A_DIGEST);
    if (typeof size !== 'number' || !(0,_domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_3__/* .isBytes */ .aY)(size))
        return refuse(context, 'size', NOT_A_SIZE);
    const descriptor = {
        mediaType: (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_4__/* .sanitiseLine */ .lg)(wire.mediaType ?? '', MAX_MEDIA_TYPE),
        digest,
        size,
        platform: readPlatform(wire.platform),
        artifactType: readArtifactType(wire.artifactType),
        annotations: readAnnotations(wire.annotations),
    };
    return { descriptor, data: typeof data === 'string' ? data : null };
}));
function refuse(context, field, message) {
    context.addIssue({ code: 'custom', path: [field], message });
    return zod__WEBPACK_IMPORTED_MODULE_8__/* .NEVER */ .tm;
}
function readPlatform(value) {
    return value === undefined || value === null ? null : (platformSchema.safeParse(value).data ?? null);
}
function readArtifactType(value) {
    return typeof value === 'string' && value !== '' ? (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_4__/* .sanitiseLine */ .lg)(value, MAX_MEDIA_TYPE) : null;
}
function checked({ data, descriptor }) {
    if (data === null)
        return descriptor;
    const content = Buffer.from(data, 'base64');
    if (content.length !== descriptor.size || (0,_content_digest_js__WEBPACK_IMPORTED_MODULE_5__/* .hasDigest */ .tH)(content, descriptor.digest) === false) {
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('integrity', `the content embedded for ${descriptor.digest} does not match that digest`);
    }
    return descriptor;
}


/***/ }),

/***/ 4281:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gv: () => (/* binding */ isObject),
/* harmony export */   c3: () => (/* binding */ listOf),
/* harmony export */   dw: () => (/* binding */ parseJsonObject),
/* harmony export */   fd: () => (/* binding */ readAs),
/* harmony export */   qF: () => (/* binding */ parseJson)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6668);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7619);
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);
/* harmony import */ var _domain_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6119);



function parseJson(bytes, what) {
    try {
        return JSON.parse(bytes.toString('utf8'));
    }
    catch (cause) {
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', `${what} is not JSON`, { cause });
    }
}
function parseJsonObject(bytes, what) {
    const value = parseJson(bytes, what);
    if (!isObject(value))
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', `${what} is JSON, but not an object`);
    return value;
}
function readAs(schema, value, what) {
    const result = schema.safeParse(value);
    if (result.success)
        return result.data;
    const [issue] = result.error.issues;
    const place = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
    const field = place.join('').replace(/^\./, '') || 'content';
    throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', issue?.code === 'invalid_type' && isAbsent(value, issue.path)
        ? `${what} has no ${field}`
        : `${what} is not valid: ${field}: ${(0,_domain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .sanitiseLine */ .lg)(issue?.message ?? 'wrong', 200)}`);
}
function listOf(entry, most = Infinity) {
    return zod__WEBPACK_IMPORTED_MODULE_2__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_2__/* .unknown */ .L5J())
        .max(most)
        .transform((values, context) => {
        const read = [];
        for (const [position, value] of values.entries()) {
            const result = entry.safeParse(value);
            if (result.success) {
                read.push(result.data);
                continue;
            }
            for (const issue of result.error.issues.slice(0, 1)) {
                context.addIssue({ ...issue, path: [position, ...issue.path] });
            }
            return zod__WEBPACK_IMPORTED_MODULE_3__/* .NEVER */ .tm;
        }
        return read;
    });
}
function isAbsent(value, path) {
    let at = value;
    for (const key of path)
        at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
    return path.length > 0 && at === undefined;
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}


/***/ }),

/***/ 6483:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ nextPageQuery)
/* harmony export */ });
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);

function nextPageQuery(headers) {
    const next = headers.flatMap(parseLinks).find(isNext);
    if (next === undefined)
        return null;
    const [beforeFragment = ''] = next.target.split('#', 1);
    const start = beforeFragment.indexOf('?');
    if (start < 0 || start === beforeFragment.length - 1)
        throw unreadable();
    return beforeFragment.slice(start + 1);
}
function isNext({ parameters }) {
    const relations = (parameters.get('rel') ?? '').toLowerCase().split(' ');
    return relations.includes('next');
}
const TARGET = /[\s,]*<([^<>]*)>/y;
const PARAMETER = /\s*;\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y;
const END_OF_LINK = /[\s;]*(?:,|$)/y;
const END_OF_HEADER = /[\s,]*$/y;
function parseLinks(header) {
    const links = [];
    let position = 0;
    const take = (expression) => {
        expression.lastIndex = position;
        const match = expression.exec(header);
        if (match !== null)
            position = expression.lastIndex;
        return match;
    };
    while (take(END_OF_HEADER) === null) {
        const target = take(TARGET)?.[1];
        if (target === undefined)
            throw unreadable();
        const parameters = new Map();
        for (let found = take(PARAMETER); found !== null; found = take(PARAMETER)) {
            const name = (found[1] ?? '').toLowerCase();
            const value = found[2]?.replaceAll(/\\(.)/gs, '$1') ?? found[3] ?? '';
            if (!parameters.has(name))
                parameters.set(name, value);
        }
        if (take(END_OF_LINK) === null)
            throw unreadable();
        links.push({ target: target.trim(), parameters });
    }
    return links;
}
function unreadable() {
    return new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', 'the Link header to the next page cannot be read');
}


/***/ }),

/***/ 8179:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ decideType),
/* harmony export */   g: () => (/* binding */ namesManifestType)
/* harmony export */ });
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);
/* harmony import */ var _domain_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7123);
/* harmony import */ var _domain_text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6119);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4281);




const MAX_MEDIA_TYPE = 255;
const FIELDS = [
    ['index', ['manifests']],
    ['image', ['config', 'layers']],
    ['schema1', ['fsLayers']],
    ['blobs', ['blobs']],
];
function decideType(contentType, body) {
    const header = (0,_domain_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_1__/* .baseMediaType */ .S4)(contentType ?? '');
    const declared = typeof body['mediaType'] === 'string' ? (0,_domain_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_1__/* .baseMediaType */ .S4)(body['mediaType']) : '';
    const byHeader = (0,_domain_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestShape */ .vb)(header);
    const byBody = (0,_domain_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestShape */ .vb)(declared);
    if (byHeader === null && byBody === null && declared !== '')
        return unknown(declared);
    if (byHeader !== null && byBody !== null && header !== declared && !isSchema1(byHeader, byBody)) {
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', `the manifest was sent as ${header}, but says that it is ${declared}`);
    }
    const shapes = shapesOf(body);
    if (shapes.length > 1) {
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', `the manifest is ambiguous: it has the fields of ${shapes.join(' and ')}`);
    }
    const [fields = null] = shapes;
    const named = byHeader ?? byBody;
    if (named !== null && fields !== null && fields !== named) {
        const type = byHeader === null ? declared : header;
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', `the manifest is a ${type} by name, but has the fields of another type`);
    }
    if (byHeader !== null)
        return { shape: byHeader, mediaType: header };
    if (byBody !== null)
        return { shape: byBody, mediaType: declared };
    return byStructure(header, body, fields);
}
function namesManifestType(bytes) {
    const declared = (0,_json_js__WEBPACK_IMPORTED_MODULE_3__/* .parseJsonObject */ .dw)(bytes, 'the manifest')['mediaType'];
    return typeof declared === 'string' && (0,_domain_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestShape */ .vb)((0,_domain_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_1__/* .baseMediaType */ .S4)(declared)) !== null;
}
function isSchema1(...shapes) {
    return shapes.every((shape) => shape === 'schema1');
}
function shapesOf(body) {
    const present = ([, fields]) => fields.some((field) => (body[field] ?? null) !== null);
    return FIELDS.filter(present).map(([shape]) => shape);
}
function byStructure(header, body, shape) {
    if (shape === 'index')
        return { shape, mediaType: 'application/vnd.oci.image.index.v1+json' };
    if (shape === 'image' && body['config'] && body['layers']) {
        return { shape, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    }
    if (shape === 'schema1' && body['schemaVersion'] === 1) {
        const encoding = body['signatures'] ? 'prettyjws' : 'json';
        return { shape, mediaType: `application/vnd.docker.distribution.manifest.v1+${encoding}` };
    }
    if (typeof body['schemaVersion'] === 'number')
        return unknown(header);
    throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', 'the answer is JSON, but not a manifest: it has neither a media type nor a schema version');
}
function unknown(mediaType) {
    return { shape: null, mediaType: (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_2__/* .sanitiseLine */ .lg)(mediaType, MAX_MEDIA_TYPE) || 'unknown' };
}


/***/ }),

/***/ 4248:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Uf: () => (/* binding */ manifest_MAX_LAYERS),
  ZJ: () => (/* binding */ MAX_MANIFEST_BYTES),
  Ng: () => (/* binding */ parseManifest)
});

// UNUSED EXPORTS: MAX_CHILDREN

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(6668);
// EXTERNAL MODULE: ./src/domain/errors.js
var errors = __webpack_require__(9763);
// EXTERNAL MODULE: ./src/domain/manifest/media-type.js
var media_type = __webpack_require__(7123);
// EXTERNAL MODULE: ./src/domain/names/digest.js
var digest = __webpack_require__(1225);
// EXTERNAL MODULE: ./src/domain/quantities/bytes.js
var quantities_bytes = __webpack_require__(3217);
// EXTERNAL MODULE: ./src/wire/content-digest.js
var content_digest = __webpack_require__(4899);
// EXTERNAL MODULE: ./src/wire/descriptor.js
var descriptor = __webpack_require__(8462);
// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
;// CONCATENATED MODULE: ./src/wire/field-case.js


const FIELDS = new Set(`schemaVersion mediaType artifactType annotations subject manifests config layers blobs architecture fsLayers history
  signatures digest size data urls platform blobSum v1Compatibility os variant os.version`.split(/\s+/));
const FOLDED = new Set([...FIELDS].map(fold));
const PARTS = ['config', 'subject', 'platform', 'layers', 'manifests', 'blobs', 'fsLayers', 'history'];
const MAX_DEPTH = 2;
function rejectMiscasedFields(body, depth = 0) {
    for (const key of Object.keys(body)) {
        if (FIELDS.has(key) || !FOLDED.has(fold(key)))
            continue;
        throw new errors/* WardenError */.Sh('protocol', `the manifest has a field ${JSON.stringify(key)}, whose case is wrong`, {
            advice: 'Clients disagree about such a field; build the image again',
        });
    }
    if (depth === MAX_DEPTH)
        return;
    for (const part of PARTS) {
        const value = body[part];
        for (const item of Array.isArray(value) ? value : [value]) {
            if ((0,json/* isObject */.Gv)(item))
                rejectMiscasedFields(item, depth + 1);
        }
    }
}
function fold(key) {
    return key.toUpperCase().toLowerCase();
}

// EXTERNAL MODULE: ./src/wire/manifest-type.js
var manifest_type = __webpack_require__(8179);
// EXTERNAL MODULE: ./src/domain/manifest/history.js
var manifest_history = __webpack_require__(3138);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
;// CONCATENATED MODULE: ./src/wire/schema1.js






const MAX_LAYERS = 1000;
const manifestSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    architecture: schemas/* string */.YjP().nullish().catch(null),
    fsLayers: (0,json/* listOf */.c3)(schemas/* object */.Ikc({ blobSum: descriptor/* digestSchema */.er }), MAX_LAYERS),
    history: (0,json/* listOf */.c3)(schemas/* object */.Ikc({ v1Compatibility: schemas/* string */.YjP().nullish().catch(null) }), MAX_LAYERS).nullish(),
}));
const commandSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ Cmd: (0,json/* listOf */.c3)(schemas/* string */.YjP()).nullish() }));
const compatibilitySchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    created: schemas/* string */.YjP().max(64).nullish().catch(null),
    throwaway: schemas/* boolean */.zMY().nullish().catch(null),
    container_config: commandSchema.nullish().catch(null),
}));
function readSchema1(body, mediaType) {
    const wire = (0,json/* readAs */.fd)(manifestSchema, body, 'the manifest');
    const history = (wire.history ?? []).map((entry) => compatibility(entry.v1Compatibility ?? ''));
    const layers = wire.fsLayers.map(({ blobSum }, position) => {
        const entry = history[position];
        const command = entry?.container_config?.Cmd?.join(' ') ?? null;
        return {
            digest: blobSum,
            throwaway: entry?.throwaway === true,
            createdBy: command === null ? null : (0,manifest_history/* cleanInstruction */.Q)(command),
        };
    });
    return {
        kind: 'schema1',
        mediaType,
        signed: false,
        architecture: (0,domain_text/* sanitiseLine */.lg)(wire.architecture ?? '', 64) || 'unknown',
        layers: layers.reverse(),
        created: history[0]?.created ?? null,
    };
}
function isSigned(body) {
    return Array.isArray(body['signatures']) && body['signatures'].length > 0;
}
function signedPayload(bytes, body) {
    const signatures = Array.isArray(body['signatures']) ? body['signatures'] : [];
    const first = signatures[0];
    const header = (0,json/* isObject */.Gv)(first) ? decodeHeader(first['protected']) : null;
    if (header === null || header.formatLength > bytes.length) {
        throw new errors/* WardenError */.Sh('integrity', 'the signed manifest (schema 1) has a signature that does not describe it');
    }
    const tail = Buffer.from(header.formatTail, 'base64url');
    return Buffer.concat([bytes.subarray(0, header.formatLength), tail]);
}
const headerSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    formatLength: schemas/* number */.aig().int().nonnegative(),
    formatTail: schemas/* string */.YjP().max(4096),
}));
function decodeHeader(text) {
    if (typeof text !== 'string')
        return null;
    return parseEmbedded(Buffer.from(text, 'base64url').toString('utf8'), headerSchema);
}
function compatibility(text) {
    return parseEmbedded(text, compatibilitySchema);
}
function parseEmbedded(text, schema) {
    try {
        return schema.safeParse(JSON.parse(text)).data ?? null;
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./src/wire/manifest.js











const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_CHILDREN = 1000;
const manifest_MAX_LAYERS = 10_000;
function parseManifest(bytes, contentType, expected) {
    if (bytes.length > MAX_MANIFEST_BYTES) {
        throw new errors/* WardenError */.Sh('protocol', `the manifest is larger than ${MAX_MANIFEST_BYTES} bytes`);
    }
    const body = readBody(bytes, expected);
    const { shape, mediaType } = (0,manifest_type/* decideType */.d)(contentType, body);
    if (shape !== null)
        rejectMiscasedFields(body);
    if (shape === 'schema1' && isSigned(body))
        return readSigned(bytes, body, mediaType, expected);
    const digest = verifiedDigest(bytes, expected);
    const manifest = shape === null ? readUnknown(body, mediaType) : READERS[shape](body, mediaType);
    return { digest, size: (0,quantities_bytes/* asBytes */.Yd)(bytes.length), manifest };
}
function readSigned(bytes, body, mediaType, expected) {
    const payload = signedPayload(bytes, body);
    const digest = verifiedDigest(payload, expected);
    const signedBody = (0,json/* parseJsonObject */.dw)(payload, 'the signed manifest');
    rejectMiscasedFields(signedBody);
    const manifest = readSchema1(signedBody, mediaType);
    return { digest, size: (0,quantities_bytes/* asBytes */.Yd)(payload.length), manifest: { ...manifest, signed: true } };
}
function readBody(bytes, expected) {
    try {
        return (0,json/* parseJsonObject */.dw)(bytes, 'the manifest');
    }
    catch (error) {
        if (expected !== null)
            verifiedDigest(bytes, expected);
        throw error;
    }
}
function verifiedDigest(payload, expected) {
    if (expected === null)
        return (0,content_digest/* contentDigest */.eZ)(payload);
    if (!(0,content_digest/* isVerifiable */.CC)(expected))
        return expected;
    if ((0,content_digest/* hasDigest */.tH)(payload, expected) !== true) {
        const algorithm = (0,digest/* digestAlgorithm */.g4)(expected) === 'sha512' ? 'sha512' : 'sha256';
        throw new errors/* WardenError */.Sh('integrity', `asked for ${expected}, got ${(0,content_digest/* contentDigest */.eZ)(payload, algorithm)}`, {
            advice: 'The registry or a proxy in front of it changes or mixes up content',
        });
    }
    return expected;
}
const common = {
    annotations: schemas/* unknown */.L5J().optional(),
    subject: descriptor/* descriptorSchema */.TM.nullish(),
    artifactType: schemas/* unknown */.L5J().optional(),
};
const descriptors = (most) => (0,json/* listOf */.c3)(descriptor/* descriptorSchema */.TM, most).nullable();
const indexSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ ...common, manifests: descriptors(MAX_CHILDREN) }));
const imageSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ ...common, config: descriptor/* descriptorSchema */.TM, layers: descriptors(manifest_MAX_LAYERS) }));
const artifactSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ ...common, blobs: descriptors(manifest_MAX_LAYERS).optional() }));
function readIndex(body, mediaType) {
    const wire = (0,json/* readAs */.fd)(indexSchema, body, 'the index');
    return { kind: 'index', ...annotated(wire, mediaType), manifests: readList(wire.manifests) };
}
function readImage(body, mediaType) {
    const wire = (0,json/* readAs */.fd)(imageSchema, body, 'the manifest');
    const config = (0,descriptor/* checked */.KD)(wire.config);
    const layers = readList(wire.layers, config);
    const kind = (0,media_type/* isImageConfig */._m)(config.mediaType) || isOldDockerConfig(mediaType, config.mediaType) ? 'image' : 'artifact';
    return { kind, ...annotated(wire, mediaType), config, layers };
}
function readArtifact(body, mediaType) {
    const wire = (0,json/* readAs */.fd)(artifactSchema, body, 'the artifact manifest');
    return {
        kind: 'artifact',
        ...annotated(wire, mediaType),
        config: null,
        layers: readList(wire.blobs ?? null),
    };
}
const DIGESTS = /[a-z0-9]{1,32}:[a-f0-9]{64,128}/g;
function readUnknown(body, mediaType) {
    const mentions = new Set();
    for (const [text] of rewritten(body).matchAll(DIGESTS)) {
        if ((0,digest/* isDigest */.Bc)(text))
            mentions.add(text);
        if (mentions.size > MAX_CHILDREN) {
            throw new errors/* WardenError */.Sh('protocol', `the manifest of unknown type mentions over ${MAX_CHILDREN} digests`);
        }
    }
    return { kind: 'unknown', mediaType, ...(mentions.size === 0 ? {} : { mentions: [...mentions] }) };
}
function rewritten(body) {
    try {
        return JSON.stringify(body);
    }
    catch (cause) {
        throw new errors/* WardenError */.Sh('protocol', 'the manifest is nested too deeply', { cause });
    }
}
const READERS = {
    index: readIndex,
    image: readImage,
    blobs: readArtifact,
    schema1: readSchema1,
};
function isOldDockerConfig(manifestType, configType) {
    const accidental = ['', 'application/octet-stream', 'application/json', 'text/html'];
    return manifestType.startsWith('application/vnd.docker.') && accidental.includes(configType);
}
function annotated(wire, mediaType) {
    return {
        mediaType,
        annotations: (0,descriptor/* readAnnotations */.ti)(wire.annotations),
        subject: wire.subject ? (0,descriptor/* checked */.KD)(wire.subject) : null,
        artifactType: (0,descriptor/* readArtifactType */.k_)(wire.artifactType),
    };
}
function readList(wire, config) {
    const list = (wire ?? []).map(descriptor/* checked */.KD);
    const sizes = new Map();
    for (const { digest, size } of config ? [config, ...list] : list) {
        const known = sizes.get(digest) ?? size;
        if (known !== size) {
            throw new errors/* WardenError */.Sh('integrity', `${digest} is listed with two sizes, ${known} and ${size} bytes`);
        }
        sizes.set(digest, size);
    }
    (0,quantities_bytes/* sumBytes */.jO)([...(config ? [config.size] : []), ...list.map(({ size }) => size)]);
    return list;
}


/***/ })

};
