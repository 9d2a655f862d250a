"""The workshop's refusals in words that say how to go on; facts, messages and to-dos stand in ``wording_facts.py``."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.refusals import leads_to
from cheyi.workshop.wording_facts import FACTS, MESSAGES, TODOS
from cheyi.workshop.wording_people import PEOPLE

REFUSALS: dict[str, str | Promise] = {
    # opening
    "workshop.order.car_has_order": _(
        "%(plate)s has order %(no)s open since %(since)s. Go on with that one, or say why a second one is needed"
    ),
    "workshop.order.car_has_order_elsewhere": _(
        "%(plate)s has an open order at %(store)s since %(since)s. Say why a second one is needed"
    ),
    "workshop.order.unknown_type": _("There is no order type “%(order_type)s”. Choose one of the list"),
    "workshop.order.unknown_field": _("“%(name)s” cannot be written here"),
    "workshop.order.changed_meanwhile": _(
        "Somebody else has just changed order %(no)s. Look at it again; what you typed stays"
    ),
    "workshop.order.promise_in_the_past": _("That time is over. Promise a later one"),
    "workshop.order.promise_unchanged": _("That is the time already promised"),
    "workshop.order.bad_promise": _("That is not a time. Type day and hour, like 06-15 16:30"),
    "workshop.flow.no_profile": _(
        "No flow profile takes orders of type “%(order_type)s”. The manager gives it to one of the flow profiles"
    ),
    "workshop.flow.unknown": _("The store has no flow profile “%(name)s”"),
    "workshop.flow.check_is_law": _("Assembly and vehicle overhauls must have a final check: the law demands it"),
    "workshop.flow.type_nowhere": _("This type of order has no flow profile. Choose one in its row"),
    "workshop.flow.type_twice": _("This type of order has two flow profiles. Leave one in its row"),
    "workshop.flow.unknown_step": _("There is no step “%(step)s”"),
    "workshop.flow.unknown_switch": _("Step “%(step)s” is off, optional or required, not “%(switch)s”"),
    # the call of the third day
    "workshop.call.not_waiting": _("Nobody has to be called about %(no)s any more"),
    "workshop.call.unknown_outcome": _("Choose what came of the call"),
    "workshop.call.no_note": _("Write down what he said, so that the manager can answer"),
    "workshop.call.long_note": _("Too long: at most %(most)s characters"),
    "workshop.call.later_one": _("Somebody has called again since. Write down a further call instead"),
    "workshop.call.say_outcome": _("Say what came of the call: that ends it"),
    # dispatch
    "workshop.order.skill_missing": _("%(name)s has not learned this (%(skill)s). Choose somebody else, or say why"),
    "workshop.order.level_too_low": _(
        "%(name)s has level %(level)s, the job needs %(needed)s. Choose somebody else, or say why"
    ),
    "workshop.order.bay_does_not_fit": _("Bay %(bay)s does not fit this job. Choose another, or say why"),
    "workshop.order.no_high_voltage_certificate": _(
        "%(name)s has no valid high-voltage certificate. Nobody can allow it: choose somebody who has one"
    ),
    "workshop.order.bay_not_safe": _("Bay %(bay)s is not safe for high voltage. Choose a new-energy bay"),
    "workshop.order.foreman_dispatches": _(
        "With the flow “%(profile)s” the foreman dispatches. The order is on his board"
    ),
    "workshop.order.not_a_technician": _("That is no technician of this store. Choose one of the list"),
    "workshop.order.no_such_bay": _("That bay is not in use. Choose one of the list"),
    "workshop.order.clock_exists": _("Somebody has worked on %(no)s already. Move the jobs one by one instead"),
    "workshop.order.dispatch_first": _("%(no)s is not dispatched yet. Ask the foreman, or take the job from the board"),
    "workshop.technician.unknown_skill": _("There is no skill “%(skill)s”. Choose one of the list"),
    "workshop.technician.bad_level": _("A level goes from 1 to 5, not %(level)s (%(skill)s)"),
    "workshop.board.bad_time": _("“%(text)s” is no time of day. Write it like 14:30"),
    "workshop.board.no_proposal": _("Nobody is proposed any more. Choose a technician by hand"),
    # work
    "workshop.order.unknown_hold_reason": _("Choose a reason from the list"),
    "workshop.order.job_goes_on": _(
        "%(who)s is at work on %(job)s, so the order does not stand still. Pause only the job that waits, with its reason: "
        "the technician on his phone, or the foreman in the job's row"
    ),
    "workshop.order.job_can_go_on": _(
        "%(job)s has all of its parts and can go on. Pause only the job that waits, with its reason: the "
        "technician on his phone, or the foreman in the job's row"
    ),
    "workshop.order.parts_still_missing": _(
        "%(count)s parts are still missing. To do other jobs meanwhile, choose “Go on with other jobs” and say why"
    ),
    "workshop.order.answer_still_missing": _(
        "The customer has not answered yet (%(count)s). To do other jobs meanwhile, choose “Go on with other jobs” and "
        "say why"
    ),
    "workshop.line.already_clocked": _("You are at work on %(job)s of %(plate)s (%(no)s). Pause or finish that first"),
    "workshop.line.not_yours": _("%(job)s is another technician's job. The foreman can move it"),
    "workshop.line.not_clocked": _("Nobody is clocked in on %(job)s"),
    "workshop.line.clock_runs": _("%(technician)s is at work on it. Pause the job first"),
    "workshop.line.choose_part": _("Choose the part from the list below, by its number or name"),
    "workshop.line.whose_clock": _("Say for whom the clock runs"),
    "workshop.line.clock_not_asked": _("Nobody asks for other times any more. Load the page again"),
    "workshop.line.clock_changed": _("Somebody has changed the clocked time of %(technician)s since. Correct it anew"),
    "workshop.line.bad_span": _("The end must be after the start and not in the future"),
    # checks
    "workshop.check.item_open": _("%(count)s items are not ticked. Check them, or send the job back"),
    "workshop.check.road_test_missing": _("Brakes, steering or gearbox: drive it and type the km of the road test"),
    "workshop.check.bad_road_test": _("Road test: whole km, like 3"),
    "workshop.check.no_reason": _("Tap a reason, or write a sentence"),
    "workshop.check.own_work": _("You have worked on this car. Somebody else makes the final check"),
    "workshop.check.not_your_level": _("This check is not yours to make. Ask the inspector"),
    "workshop.check.unknown_level": _("There is a self-check, a team check and a final check"),
    "workshop.order.check_is_law": _("The law asks for the final check here; it cannot be left out"),
    "workshop.order.check_required": _(
        "The flow “%(profile)s” asks for the final check. Make it, or send the job back"
    ),
    "workshop.order.wash_required": _("The flow “%(profile)s” asks for a wash"),
    "workshop.inspection.nothing_said": _("Walk around the car, or say why it is left out"),
    "workshop.inspection.old_parts": _("Old parts: takes along, gives up, or none"),
    "workshop.finding.no_words": _("Say in a word what was found, or choose an operation"),
    "workshop.finding.unknown_urgency": _("Choose how urgent it is: now, soon, or watch"),
    "workshop.finding.has_job": _("A job is proposed for it already; the owner's answer decides"),
    "workshop.finding.noted_already": _("%(who)s has noted it already"),
    "workshop.finding.not_noted": _("It waits for the advisor already"),
    # lines
    "workshop.line.unknown_operation": _("There is no operation “%(operation)s”. Search for it again"),
    "workshop.line.unknown_part": _("This part is not in the catalogue. Search for it again"),
    "workshop.line.unknown_payer": _("“%(payer)s” cannot pay. Choose customer, warranty, insurer, internal or fleet"),
    "workshop.line.no_rate": _("There is no hourly rate %(rate_code)s. The manager adds it to the rates"),
    "workshop.line.no_hours": _("The operation has no hours. The manager adds them to the catalogue"),
    "workshop.line.too_many": _("At most %(most)s jobs at once"),
    "workshop.line.bad_quantity": _("The quantity must be another one and more than 0, not %(quantity)s"),
    "workshop.line.bad_amount": _("An amount is zero or more"),
    "workshop.line.too_dear": _("A price is at most ¥%(most)s"),
    "workshop.line.too_many_hours": _("A job has at most %(most)s hours"),
    "workshop.form.bad_mileage": _("“%(text)s” is no mileage. Type whole kilometres, like 55330"),
    "workshop.form.bad_moment": _("That is not a time. Type day and hour, like 06-15 16:30"),
    "workshop.counter.bad_amount": _("“%(text)s” is no amount. Type it like 128.50"),
    "workshop.order.no_customer": _("This order has no customer yet. Name one on the order first"),
    "workshop.line.bad_discount": _("A discount lies between 0 and 100 percent, not %(percent)s"),
    "workshop.line.below_cost": _("That is below cost. Only the store manager may do that"),
    "workshop.line.discount_too_high": _(
        "%(percent)s percent off the list price %(listed)s is beyond your limit of %(limit)s percent (at least "
        "%(least)s). Ask the store manager"
    ),
    "workshop.line.discount_nobody": _(
        "%(percent)s percent off the list price %(listed)s: nobody may give that. Your limit is %(limit)s percent (at "
        "least %(least)s)"
    ),
    "workshop.line.discount_waits_not": _("This discount waits for nobody"),
    "workshop.line.shares_not_whole": _("The shares make %(percent)s percent. Together they must be 100"),
    "workshop.line.bad_share": _("Each share is more than 0, and everybody stands there once"),
    "workshop.line.no_reason": _("Say why: the reason stays with the entry"),
    "workshop.line.answered_already": _("That is answered already. Load the page anew to see what was said"),
    "workshop.line.answer_missing": _("Tap “Do it” or “Not now” beside an item first"),
    "workshop.line.price_moved": _(
        "The price of “%(job)s” has just changed. Load the page again and look at the new one"
    ),
    "workshop.line.nothing_to_answer": _("Choose the lines that the answer is about"),
    "workshop.line.nothing_chosen": _("Choose the jobs that are meant"),
    "workshop.line.not_of_order": _("That line is not on this order. Load it again"),
    "workshop.line.part_issued": _("%(count)s of %(name)s are handed out. The keeper takes them back first"),
    "workshop.operation.one_filter": _("A kit part is for a series or for a model, not both"),
    # ending
    "workshop.order.no_reason": _("Say why: the reason stays with the order"),
    "workshop.order.parts_outstanding": _(
        "%(count)s parts are still with the workshop. The keeper takes them back first"
    ),
    "workshop.order.parts_paid": _("%(no)s is settled with this part. Take the settlement back first, then the part"),
    "workshop.order.parts_gone": _(
        "%(no)s is paid and the car is gone. Receive the part as goods, or open a rework order when the car comes back"
    ),
    "workshop.order.money_taken": _("Something is paid on %(no)s. Give the money back first"),
    "workshop.order.manager_cancels": _(
        "%(no)s is dispatched, or parts have moved: only a manager cancels it. Send him the request, or let him agree here"
    ),
    "workshop.order.work_is_done": _(
        "%(count)s jobs of %(no)s are to be paid: the work is stopped instead, by a manager. Send him the request"
    ),
    "workshop.order.nothing_done": _("Nothing of %(no)s is done. Cancel it instead"),
    "workshop.order.bills_open": _("%(left)s is not paid yet. Take the payment first"),
    "workshop.order.nothing_to_pay": _("Nothing is due on %(no)s"),
    "workshop.order.settled_whole": _(
        "Order %(no)s is settled. Its money goes back as a whole: take the settlement back, then take it anew"
    ),
    "workshop.order.second_person": _("The store's manager must agree, and cannot be the one who asks"),
    "workshop.order.guarantee_over": _(
        "The guarantee ended on %(until)s or at %(km)s km. Agree whose fault it is, or open an ordinary order"
    ),
    "workshop.order.unknown_responsibility": _("Choose from the list whose fault it is"),
    "workshop.order.no_rework": _("%(no)s is no rework"),
    # what is missing
    "workshop.order.diagnosis_missing": _("There is no job yet. Add one, at least the diagnosis"),
    "workshop.order.technician_missing": _("%(count)s jobs have no technician. Assign them too"),
    "workshop.order.walk_around_missing": _("The walk-around comes first here. Do it, or skip it with a reason"),
    "workshop.order.approval_missing": _("The customer's signature comes first here. Have the order signed"),
    "workshop.order.job_missing": _("%(count)s jobs are not done yet"),
    "workshop.order.clock_stop_missing": _("%(count)s clocks are still running"),
    "workshop.order.part_issue_missing": _("%(count)s parts are neither handed out nor taken off the order"),
    "workshop.order.self_check_missing": _("The technician's self-check is missing"),
    "workshop.order.team_check_missing": _("The foreman's team check is missing"),
    "workshop.order.final_check_missing": _("The final check is missing"),
    "workshop.order.answer_missing": _("The customer has not agreed to %(count)s lines yet. Ask him, or take them off"),
    "workshop.order.mileage_missing": _("The mileage is only estimated. Type what the odometer shows"),
    "workshop.order.customer_missing": _("Nobody is named who pays. Choose the customer"),
    "workshop.order.interview_missing": _("What the customer said is missing. Write it down"),
    "workshop.order.discount_approval_missing": _("%(count)s discounts wait for a manager"),
    "workshop.order.certificate_missing": _("The completion certificate is missing. The final check writes it"),
    "workshop.order.payment_missing": _("%(count)s bills are not paid yet"),
    "workshop.order.keys_missing": _(
        "The keys are still in the house. Give them to the customer and tick it, or only take the payment"
    ),
    "workshop.order.mileage_out_missing": _("The mileage is lower than at reception. Read the odometer again"),
    "workshop.order.old_parts_choice_missing": _("Ask whether the customer takes the old parts along"),
    "workshop.order.follow_up_missing": _(
        "The owner has not been called yet. Tick the follow-up off and the order closes by itself, else on %(until)s"
    ),
    "workshop.order.settlement_list_missing": _("Print or send the settlement list first"),
    "workshop.order.vin_missing": _("The VIN is missing. Type it on the car's file"),
    # appointments
    "workshop.point.unknown": _("This hint is not there any more. Load the page again"),
    "workshop.appointment.no_time": _("Choose one of the slots, or type day and time"),
    "workshop.appointment.in_the_past": _("That time is over. Choose a later one"),
    "workshop.appointment.nobody": _("Say which car or which customer comes"),
    "workshop.appointment.unknown_channel": _("“%(channel)s” is no way of booking. Choose one of the list"),
    "workshop.appointment.already_booked": _(
        "This car is booked for %(wanted_at)s that day (%(no)s). Move that one instead"
    ),
    "workshop.appointment.closed_day": _("Closed on %(on)s. Choose another day"),
    "workshop.appointment.closed_then": _("On %(on)s we are open %(hours)s. Choose a time within"),
    "workshop.appointment.full": _("No room at %(at)s. Free: %(slots)s. The foreman can over-book"),
    "workshop.appointment.full_all_week": _("No room at %(at)s, nor in the week from then. The foreman can over-book"),
    "workshop.appointment.moved_too_often": _("It was moved %(most)s times already. Call the customer"),
    "workshop.appointment.other_day": _("%(no)s is for another day. Move it first, or open an order at once"),
    "workshop.appointment.too_early": _("%(no)s is not an hour late yet"),
    "workshop.appointment.no_reason": _("Say why it is cancelled"),
    # files
    "workshop.import.bad_hours": _("“%(text)s” is no time between 0 and 200 hours. Write it like 1.5"),
    "workshop.import.bad_level": _("“%(text)s” is no level. Write 1 to 5"),
    "workshop.import.bad_kit": _("“%(text)s” is no part with a quantity. Write it like OIL-5W30×4"),
    "workshop.import.bad_skills": _("“%(text)s” is no skill with a level from 1 to 5. Write it like 机电4"),
    "workshop.import.no_hours": _("%(operation)s has neither hours nor a fixed price. Fill one of them"),
    "workshop.import.nobody": _("Nobody here has the number %(number)s. Import the staff first"),
    # plans and their measuring
    "workshop.bench.no_file": _("There is no file “%(path)s”. Check the path"),
    "workshop.bench.not_an_instance": _("Line %(line)s does not look like a job-shop instance"),
    "workshop.bench.machine_twice": _("Line %(line)s names a machine twice for one operation"),
    "workshop.bench.machine_unknown": _("Line %(line)s names machine %(machine)s, but there are only %(machines)s"),
    "workshop.bench.jobs_missing": _("The file ends in line %(line)s with %(found)s jobs of %(jobs)s"),
    "workshop.bench.jobs_left_over": _("Line %(line)s is one job more than the %(jobs)s of the first line"),
    "workshop.bench.not_a_schedule": _("The answer is no schedule: %(fault)s"),
    "workshop.bench.no_time": _("The time limit must be more than 0 and at most 3600 seconds, not %(seconds)s"),
    "workshop.plan.bad_promise": _(
        "The promise of order %(order)s cannot be planned with: %(value)s does not lie between 0 and %(most)s"
    ),
    "workshop.plan.doubled": _("The plan names %(thing)s %(id)s twice"),
    "workshop.plan.steps_in_a_circle": _("These steps wait for each other in a circle: %(tasks)s"),
    "workshop.plan.unknown_step": _("Step %(task)s waits for step %(after)s, which is not there"),
}

WORDING: dict[str, str | Promise] = {**REFUSALS, **PEOPLE, **FACTS, **MESSAGES, **TODOS}

leads_to(
    "workshop.flow.no_profile", view="workshop:flows", permission="workshop.flow.edit", label=_("To the flow profiles")
)
