"""PyTorch and scikit-learn on one thread, told what to do by JSON lines on the standard input; answers go to the output.

A request is {"id", "method", ...}, an answer {"id", "result"} or {"id", "error"}. Rows come through files of float32.
"""
import importlib
import json
import sys
import time

import numpy as np

problems = {}
passes = {}


def optional(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


torch = optional("torch")
sklearn = optional("sklearn")
if torch:
    torch.set_num_threads(1)


def versions():
    return {"python": sys.version.split()[0], "numpy": np.__version__,
            "torch": torch and torch.__version__, "sklearn": sklearn and sklearn.__version__}


def load(problem, file, rows, columns, labels):
    """The rows of a file, and their labels."""
    data = np.fromfile(file, np.float32, rows * columns).reshape(rows, columns)
    problems[problem] = data, np.fromfile(labels, np.int32, rows)


def forget():
    problems.clear()
    passes.clear()


class Binary:
    """Focal loss of two classes, gamma 2: value and gradient, in closed form with buffers or by autograd."""

    def __init__(self, data, y, w, alpha):
        n = len(y)
        self.X, self.Xt = torch.from_numpy(data), torch.from_numpy(data).t()
        self.w = torch.tensor(w, dtype=torch.float32)
        self.sign = torch.from_numpy(np.where(y > 0, -1, 1).astype(np.float32))
        self.weight = torch.from_numpy((np.where(y > 0, alpha[1], alpha[0]) / n).astype(np.float32))
        self.signed = self.weight * self.sign
        self.m, self.u, self.q, self.k = (torch.empty(n) for _ in range(4))
        self.g = torch.empty(data.shape[1])

    def closed(self):
        m, u, q, k = self.m, self.u, self.q, self.k
        torch.mv(self.X, self.w, out=m)
        m.mul_(self.sign)
        torch._C._nn.softplus(m, out=u)
        torch.sigmoid(m, out=q)
        torch.mul(q, u, out=k)
        torch.sub(u, k, out=u).mul_(2).add_(q)        # 2·(1 − q)·u + q
        value = torch.dot(k.mul_(q), self.weight)
        u.mul_(q).mul_(q).mul_(self.signed)
        torch.mv(self.Xt, u, out=self.g)
        return value.item(), self.g

    def autograd(self):
        w = self.w.detach().requires_grad_()
        m = torch.mv(self.X, w) * self.sign
        value = torch.dot(torch.sigmoid(m).square() * torch.nn.functional.softplus(m), self.weight)
        value.backward()
        return value.item(), w.grad


class Softmax:
    """Focal loss of a softmax, gamma 2."""

    def __init__(self, data, y, w, classes):
        self.X = torch.from_numpy(data)
        self.W = torch.tensor(w, dtype=torch.float32).reshape(classes, -1)
        self.y = torch.from_numpy(y.astype(np.int64))
        self.T = torch.nn.functional.one_hot(self.y, classes).float()
        self.Z, self.G = torch.empty(len(y), classes), torch.empty_like(self.W)

    def closed(self):
        torch.mm(self.X, self.W.t(), out=self.Z)
        log = torch.log_softmax(self.Z, 1)
        lt = log.gather(1, self.y[:, None])
        pt = lt.exp()
        q = 1 - pt
        value = -(q.square() * lt).mean()
        c = q * (2 * pt * lt - q) / len(self.y)
        torch.sub(self.T, log.exp_(), out=self.Z).mul_(c)
        torch.mm(self.Z.t(), self.X, out=self.G)
        return value.item(), self.G

    def autograd(self):
        w = self.W.detach().requires_grad_()
        lt = torch.log_softmax(self.X @ w.t(), 1).gather(1, self.y[:, None])
        value = -((1 - lt.exp()).square() * lt).mean()
        value.backward()
        return value.item(), w.grad


def timed(call, calls):
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def pass_open(problem, w, classes, alpha=None, milliseconds=15):
    """Chooses the faster way; how many calls a sample is; the way's value and gradient."""
    data, y = problems[problem]
    made = Binary(data, y, w, alpha or [1, 1]) if classes == 2 else Softmax(data, y, w, classes)
    ways = {"closed form": made.closed, "autograd": made.autograd}
    for way in ways.values():
        way()
    calls = max(1, int(milliseconds / 1000 / timed(made.closed, 2)))
    name = min(ways, key=lambda n: min(timed(ways[n], calls) for _ in range(3)))
    value, gradient = ways[name]()
    handle = str(len(passes))
    passes[handle] = ways[name], calls
    return {"handle": handle, "way": name, "value": value, "gradient": gradient.reshape(-1).tolist()}


def pass_sample(handle):
    return timed(*passes[handle])


def pass_close(handle):
    passes[handle] = None


def sklearn_fit(problem, dtype, l2, tol=None):
    """StandardScaler in place, then LogisticRegression; weights in the input's units and the seconds of both."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler
    import warnings
    warnings.simplefilter("ignore")
    data, y = problems[problem]
    X = data.astype(dtype)  # a copy, as it is changed in place
    start = time.perf_counter()
    scaler = StandardScaler(copy=False)
    X = scaler.fit_transform(X)
    scaled = time.perf_counter()
    options = {} if tol is None else {"tol": tol, "max_iter": 10000}
    model = LogisticRegression(solver="lbfgs", C=1 / (l2 * len(y)), class_weight="balanced", **options).fit(X, y)
    end = time.perf_counter()
    w = model.coef_[0].astype(np.float64) / scaler.scale_
    return {"seconds": end - start, "scalerSeconds": scaled - start, "iterations": int(model.n_iter_[0]),
            "w": w.tolist(), "b": [float(model.intercept_[0] - w @ scaler.mean_)]}


def torch_fit(problem, alpha, l2, tol, dtype):
    """Logistic regression by PyTorch's own L-BFGS over a closed-form gradient, scaling included."""
    data, y = problems[problem]
    n, d = data.shape
    start = time.perf_counter()
    dtype = getattr(torch, dtype)
    X = torch.from_numpy(data).to(dtype)
    deviation, mean = torch.std_mean(X, 0, unbiased=False)
    X = (X - mean).div_(deviation)
    sign = torch.from_numpy(np.where(y > 0, -1, 1)).to(dtype)
    weight = torch.from_numpy(np.where(y > 0, alpha[1], alpha[0]) / n).to(dtype)
    v = torch.zeros(d + 1, dtype=dtype)
    v.grad = torch.zeros(d + 1, dtype=dtype)
    passes = 0

    def closure():
        nonlocal passes
        passes += 1
        w = v[:d]
        m = torch.mv(X, w).add_(v[d]).mul_(sign)
        value = torch.dot(torch.nn.functional.softplus(m), weight)
        k = torch.sigmoid_(m).mul_(weight).mul_(sign)
        torch.mv(X.t(), k, out=v.grad[:d]).add_(w, alpha=l2)
        v.grad[d] = k.sum()
        return value + l2 / 2 * torch.dot(w, w)

    torch.optim.LBFGS([v], max_iter=1000, max_eval=2000, tolerance_grad=tol, tolerance_change=0, history_size=10,
                      line_search_fn="strong_wolfe").step(closure)
    seconds = time.perf_counter() - start
    w = (v[:d] / deviation).double()
    return {"seconds": seconds, "evaluations": passes, "w": w.tolist(), "b": [float(v[d] - torch.dot(w, mean.double()))]}


def sklearn_predict(problem, w, b, sample):
    """predict_proba of all rows: its seconds, and the probabilities of the rows in `sample`."""
    from sklearn.linear_model import LogisticRegression
    data, _ = problems[problem]
    model = LogisticRegression()
    model.classes_ = np.array([0, 1])
    model.coef_ = np.array([w], np.float32)
    model.intercept_ = np.array(b, np.float32)
    start = time.perf_counter()
    p = model.predict_proba(data)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "probabilities": p[sample, 1].tolist()}


methods = {f.__name__: f for f in (versions, load, forget, pass_open, pass_sample, pass_close, sklearn_fit, torch_fit, sklearn_predict)}

for line in sys.stdin:
    request = json.loads(line)
    identity, method = request.pop("id"), request.pop("method")
    try:
        answer = {"id": identity, "result": methods[method](**request)}
    except Exception as error:  # whatever it is, the asker wants to know
        answer = {"id": identity, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
