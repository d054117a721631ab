import ArgumentParser
import JadeAPI
import JadeCore
import JadeJSON

/// A condition over metadata, as JSON.
struct FilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only vectors whose metadata matches, such as '{\"section\":\"net\",\"size\":{\"$lt\":500}}'.",
            discussion: "$and $or $not · $eq $ne $gt $gte $lt $lte $in $nin $exists", valueName: "json"))
    var filter: String?

    func parsed() throws(JadeError) -> Filter? {
        guard let filter else { return nil }
        return try JSONInput.filter(filter)
    }
}
