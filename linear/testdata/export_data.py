"""breast_cancer.csv and digits.csv: the columns as scikit-learn ships them, and a label column at the end.

Run: python3 generate.py data. Numbers are the shortest that read back as the same float64. Breast cancer: label 1 is
malignant (scikit-learn has it as 0), 0 benign. Digits: the label is the digit.
"""
import os

from sklearn.datasets import load_breast_cancer, load_digits

HERE = os.path.dirname(os.path.abspath(__file__))


def shortest(x):
    x = float(x)
    texts = [repr(x).removesuffix(".0"), f"{x:.17g}"]
    return min((t for t in texts if float(t) == x), key=len)


def export(name, data, labels):
    header = [n.replace(" ", "_") for n in data.feature_names] + ["label"]
    rows = [",".join([*map(shortest, x), str(int(t))]) for x, t in zip(data.data, labels)]
    with open(os.path.join(HERE, name), "w", encoding="ascii") as f:
        f.write("\n".join([",".join(header), *rows]) + "\n")
    print(f"{name}: {len(rows)} rows, {len(header) - 1} columns")


def generate():
    cancer, digits = load_breast_cancer(), load_digits()
    export("breast_cancer.csv", cancer, 1 - cancer.target)
    export("digits.csv", digits, digits.target)
