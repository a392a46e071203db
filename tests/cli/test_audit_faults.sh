#!/bin/sh
# Every fault that the back end can be given is found by the audit, each in a run of some seconds.
# What was found is written to audit_faults.md in the build folder: the table of the README.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
. "$(dirname "$0")/audit.sh"
table=${OMO_BUILD_DIR:?the build folder}/audit_faults.md
tried=

make_plan "$work/sale.plan"
{
    echo "| fault | violated | the audit's first finding |"
    echo "|---|---|---|"
} >"$work/table"

# found FAULT INVARIANT: the last run says so; a row of the table.
found() {
    tried="$tried ${1%%=*}"
    judged "$2" violated "$1"
    python3 - "$work/out" "$1" "$2" >>"$work/table" <<'END'
import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))["audit"]
by_name = {i["name"]: i for i in d["invariants"]}
violated = [i["name"] for i in d["invariants"] if i["verdict"] == "violated"]
violated.sort(key=lambda name: name != sys.argv[3])
finding = (by_name[sys.argv[3]]["findings"] or [{"subject": "-", "text": "-"}])[0]
text = "%s: %s" % (finding["subject"], finding["text"])
print("| `%s` | %s | %s |" % (sys.argv[2], ", ".join(violated),
                              (text if len(text) < 160 else text[:157] + "...").replace("|", "/")))
END
}
# fault FAULT INVARIANT SPEED OPTIONS: with options of the back end.
fault() {
    name=$1
    invariant=$2
    speed=$3
    shift 3
    serve --fault "$name" "$@"
    shoot 1 "$name" "$work/sale.plan" --speed "$speed"
    found "$name" "$invariant"
    stop
}
# More on the shelves, so that it is the coupon that runs out.
plenty=
for place in north_gate east_wing food_hall metro_exit; do
    plenty="$plenty --set places.$place.opening=400"
done

fault oversell-race units_sold_once 40
fault stale-stock=15min stock_reads_current 40
fault lost-update-points points_balance 40
# shellcheck disable=SC2086
fault double-coupon coupons_once 40 $plenty
crash "ack-before-commit" 1 "$work/sale.plan" "--fault ack-before-commit" \
    --kill-target-at 2.3s --restart-target-at 2.6s
found ack-before-commit orders_kept
fault duplicate-on-retry orders_once 40
fault slow=0.05:1500 answers_in_time 15
fault error=0.02 no_internal_errors 40
fault stall=2s@3s answers_in_time 15
fault leak-reservation reservations_released 40
fault price-skew price_as_shown 40

# None was forgotten.
"$binary" list faults >"$work/faults"
for name in $(sed "1d; s/ .*//" "$work/faults"); do
    case " $tried " in
    *" $name "*) ;;
    *) fail "nobody tries the fault $name" ;;
    esac
done
cp "$work/table" "$table"
cat "$table"
finish
