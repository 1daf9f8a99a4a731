package gateway

# Without a rule that allows, everything is denied.
default decision := {"allow": false, "advice": "Ask the order team for access."}

decision := {"allow": true, "policies": ["ordering"], "lifetime": "5m"} if {
	"ordering" in input.principal.groups
	input.resource.id == "orders"
	input.action.id in {"orders/orders.list", "orders/orders.get", "orders/orders.create"}
}
